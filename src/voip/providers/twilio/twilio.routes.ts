/** Where Twilio reaches this server: the callbacks that tell how a call stands, and the socket that carries its voice. Both are signed. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { type OpenSocket, takeRawFrames } from '../../../http/index.ts';
import { AppError } from '../../../lib/index.ts';
import type { Logger } from '../../../observability/index.ts';
import { MEDIA_PATH, STATUS_PATH, type TwilioProvider } from './twilio-provider.ts';
import type { StreamSocket, TwilioStream } from './twilio-stream.ts';

export interface TwilioRoutesDeps {
  readonly provider: TwilioProvider;
  readonly logger: Logger;
}

const SIGNATURE = 'x-twilio-signature';
const Fields = Type.Record(Type.String(), Type.String());

export function twilioRoutes({ provider, logger }: TwilioRoutesDeps) {
  const demandSignature = (
    request: Request,
    { url, fields }: { url: string; fields: Record<string, string> },
  ) => {
    if (provider.isSigned(request.headers.get(SIGNATURE), { url, fields })) return;
    logger.warn({ path: new URL(request.url).pathname }, 'something that Twilio did not sign was refused');
    throw new AppError('forbidden', 'The signature is not that of Twilio.');
  };
  const streams = new Map<string, TwilioStream>();
  return new Elysia({ name: 'twilio', detail: { hide: true } })
    .post(
      `${STATUS_PATH}/:call_id`,
      ({ request, params, body, status }) => {
        const { pathname, search } = new URL(request.url);
        demandSignature(request, { url: provider.publicUrl(`${pathname}${search}`), fields: body });
        provider.callback(params.call_id, body);
        return status(204, undefined);
      },
      { params: Type.Object({ call_id: Type.String({ format: 'uuid' }) }), body: Fields },
    )
    .guard({}, (guarded) =>
      guarded
        .resolve(({ request }) => {
          demandSignature(request, { url: provider.publicUrl(MEDIA_PATH, 'ws'), fields: {} });
          return {};
        })
        .ws(MEDIA_PATH, {
          open(ws) {
            const stream = provider.openStream(socketOf(ws));
            streams.set(ws.id, stream);
            takeRawFrames(ws, {
              frame: (content) => {
                if (typeof content === 'string') stream.receive(content);
              },
              pong: () => {},
            });
          },
          close(ws) {
            streams.get(ws.id)?.close();
            streams.delete(ws.id);
          },
        }),
    );
}

/** What Bun's own socket has. */
interface BunSocket {
  send(text: string): number;
  getBufferedAmount(): number;
  close(): void;
}

function socketOf({ raw }: OpenSocket): StreamSocket {
  // Elysia's type of Bun's socket lags behind: `getBufferedAmount` is missing in it.
  const socket = raw as unknown as BunSocket;
  return {
    send: (text) => {
      socket.send(text);
    },
    get unsent() {
      return socket.getBufferedAmount();
    },
    close: () => socket.close(),
  };
}
