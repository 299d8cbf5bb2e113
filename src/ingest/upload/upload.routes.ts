/** `/webrtc/video`: uploads over HTTP, as gRPC has them. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../../auth/index.ts';
import { jsonBodies } from '../../http/index.ts';
import {
  OfferAnswer,
  OfferBody,
  readOffer,
  readUpload,
  UploadAnswer,
  UploadBody,
  writeAnswer,
} from './json.ts';
import type { Uploads } from './uploads.ts';

export interface UploadRoutesDeps {
  readonly uploads: Uploads;
  readonly tokens: Tokens;
}

const Params = Type.Object({ id: Type.String({ description: 'of the upload' }) });
const Nothing = Type.Object({}, { examples: [{}] });

export function uploadRoutes({ uploads, tokens }: UploadRoutesDeps) {
  return new Elysia({ name: 'uploads', prefix: '/webrtc/video', tags: ['Uploads'] })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post(
      '/',
      async ({ identity, body, request }) => {
        const { id, answer } = await uploads.upload(identity, readUpload(body), request.signal);
        return { id, ...writeAnswer(body, answer) };
      },
      {
        body: UploadBody,
        response: UploadAnswer,
        detail: {
          summary: 'Send a recording in by WebRTC: an offer in, the answer out',
          description:
            'For tokens of the role service, host or admin. What comes is recorded from the first packet on, and made into an MP4 when the upload ends: by DELETE, 30 s after its connection was lost, or at the longest duration. The same `uuid` while one runs is 409 `session_exists`; after its connection was lost it goes on in the same recording. 503 `too_many_sessions`.',
        },
      },
    )
    .put(
      '/:id',
      async ({ identity, params, body }) =>
        writeAnswer(body, await uploads.renegotiate(identity, params.id, readOffer(body))),
      {
        params: Params,
        body: OfferBody,
        response: OfferAnswer,
        detail: {
          summary: 'Renegotiate an upload: other tracks, a restart of ICE, another connection',
          description: 'For who began it, service and admin.',
        },
      },
    )
    .delete(
      '/:id',
      async ({ identity, params }) => {
        await uploads.stop(identity, params.id);
        return {};
      },
      {
        params: Params,
        response: Nothing,
        detail: {
          summary: 'End an upload; it is made into a file then',
          description:
            'For who began it, service and admin. 404 when it has ended already: see `GET /recordings/:id`.',
        },
      },
    );
}
