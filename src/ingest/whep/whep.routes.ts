/** `/whep/…`: watch a call by WHEP (draft-ietf-wish-whep). */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../../auth/index.ts';
import { mediaType } from '../../http/index.ts';
import { RoomId, UserId } from '../../protocol/index.ts';
import { describedAnswer, endedAnswer, patchedAnswer } from '../http/answers.ts';
import { answerOrFragmentPatch, sessionEnd, whepOffer } from '../http/documentation.ts';
import { SDP_TYPE } from '../http/media-types.ts';
import { textOf } from '../http/request-body.ts';
import type { Whep, WhepAnswer } from './whep.ts';

export interface WhepRoutesDeps {
  readonly whep: Whep;
  readonly tokens: Tokens;
}

const SessionParams = Type.Object({ sessionId: Type.String({ format: 'uuid' }) });
const ABOUT =
  'For who may join and subscribe. The viewer is hidden and counts for nothing. 406 is an offer of ours where the numbers of the codecs differ: answer it by PATCH. 409 with `Retry-After` while nobody publishes. What is shown may change at any time, without a new description. The session ends by DELETE, with the call, when its worker dies, and when its client is gone (after at most 45 s).';

export function whepRoutes({ whep, tokens }: WhepRoutesDeps) {
  return new Elysia({ name: 'whep', prefix: '/whep', tags: ['WHIP and WHEP'] })
    .use(authPlugin(tokens))
    .post(
      '/:callId',
      async ({ identity, params, body }) =>
        toResponse(
          await whep.watch(identity, { roomId: params.callId, userId: undefined, sdp: textOf(body) }),
        ),
      {
        params: Type.Object({ callId: RoomId }),
        detail: { summary: 'Watch who speaks in a call (WHEP)', description: ABOUT, ...whepOffer },
      },
    )
    .post(
      '/:callId/:userId',
      async ({ identity, params, body }) =>
        toResponse(
          await whep.watch(identity, { roomId: params.callId, userId: params.userId, sdp: textOf(body) }),
        ),
      {
        params: Type.Object({ callId: RoomId, userId: UserId }),
        detail: { summary: 'Watch one participant of a call (WHEP)', description: ABOUT, ...whepOffer },
      },
    )
    .patch(
      '/sessions/:sessionId',
      async ({ identity, params, body, request }) => {
        const ifMatch = request.headers.get('if-match');
        const text = textOf(body);
        if (mediaType(request) !== SDP_TYPE)
          return patchedAnswer(await whep.patch(identity, params.sessionId, { fragment: text, ifMatch }));
        await whep.answer(identity, params.sessionId, { sdp: text, ifMatch });
        return new Response(null, { status: 204 });
      },
      {
        params: SessionParams,
        detail: {
          summary: 'Answer a counter-offer, tell candidates, or restart ICE',
          description:
            'For who made the session. `application/sdp` is the answer to a counter-offer; a fragment needs `If-Match`, the ETag of the ICE session or `*`.',
          ...answerOrFragmentPatch,
        },
      },
    )
    .delete(
      '/sessions/:sessionId',
      ({ identity, params }) => {
        whep.end(identity, params.sessionId);
        return endedAnswer();
      },
      {
        params: SessionParams,
        detail: {
          summary: 'Stop watching',
          description: 'For who made the session. 404 when it has ended already.',
          ...sessionEnd,
        },
      },
    );
}

function toResponse({ type, ...described }: WhepAnswer): Response {
  return describedAnswer(type === 'answer' ? 201 : 406, { protocol: 'whep', ...described });
}
