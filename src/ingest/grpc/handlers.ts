/** The calls of `WebRTCService`: each with who asks, a deadline, and its errors translated. */
import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';
import { type Identity, type Tokens, unauthenticated } from '../../auth/index.ts';
import { AppError, type Explain } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { Uploads } from '../upload/uploads.ts';
import { RenegotiateMessage, readMessage, StopMessage, UploadMessage } from './messages.ts';
import { toRefusal } from './status.ts';

export interface HandlerDeps {
  readonly uploads: Uploads;
  readonly tokens: Pick<Tokens, 'verify'>;
  readonly explain: Explain;
  readonly logger: Logger;
}

interface Asked {
  readonly identity: Identity;
  readonly message: unknown;
  /** Aborted when the client waits no more. */
  readonly signal: AbortSignal;
}

type Call = ServerUnaryCall<unknown, unknown>;

/** For callers that set none. */
const DEADLINE_MS = 30_000;
const BEARER = /^Bearer +([^\s]+)$/i;

export function makeHandlers(deps: HandlerDeps): UntypedServiceImplementation {
  const { uploads } = deps;
  const handle = (answer: (asked: Asked) => Promise<object>) => (call: Call, reply: sendUnaryData<unknown>) =>
    void run(call, answer, deps).then(
      (message) => reply(null, message),
      (error: unknown) => reply(toRefusal(error, deps.logger, deps.explain)),
    );
  return {
    UploadP2PVideo: handle(async ({ identity, message, signal }) => {
      const { sdp_offer: sdpOffer, name, uuid, ice_servers } = readMessage(UploadMessage, message);
      const iceServers = ice_servers.map(({ urls, username, credentialType }) => ({
        urls,
        username,
        credentialType,
      }));
      const { id, answer } = await uploads.upload(identity, { sdpOffer, name, uuid, iceServers }, signal);
      return { sdp_answer: answer, id };
    }),
    RenegotiateP2PVideo: handle(async ({ identity, message }) => {
      const { id, sdp_offer } = readMessage(RenegotiateMessage, message);
      return { sdp_answer: await uploads.renegotiate(identity, id, sdp_offer) };
    }),
    StopP2PVideo: handle(async ({ identity, message }) => {
      await uploads.stop(identity, readMessage(StopMessage, message).id);
      return {};
    }),
  };
}

/** A client whose deadline has passed, or that cancels, is told so by gRPC itself; what it asked for is told by the signal. */
async function run(
  call: Call,
  answer: (asked: Asked) => Promise<object>,
  { tokens }: HandlerDeps,
): Promise<object> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    controller.abort();
    late.reject(new AppError('deadline_exceeded', 'The server could not answer in time.', 'server'));
  }, DEADLINE_MS);
  call.on('cancelled', () => controller.abort());
  const answering = async () => {
    const identity = await tokens.verify(bearerOf(call));
    return answer({ identity, message: call.request, signal: controller.signal });
  };
  try {
    return await Promise.race([answering(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Throws `unauthenticated`. */
function bearerOf({ metadata }: Call): string {
  const [value] = metadata.get('authorization');
  const token = typeof value === 'string' ? BEARER.exec(value)?.[1] : undefined;
  if (token === undefined) throw unauthenticated();
  return token;
}
