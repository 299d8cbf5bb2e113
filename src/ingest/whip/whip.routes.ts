/** `/whip/…`: publish into a call by WHIP (RFC 9725). */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../../auth/index.ts';
import { RoomId } from '../../protocol/index.ts';
import { describedAnswer, endedAnswer, patchedAnswer } from '../http/answers.ts';
import { fragmentPatch, sessionEnd, whipOffer } from '../http/documentation.ts';
import { FRAGMENT_TYPE } from '../http/media-types.ts';
import { demandType, textOf } from '../http/request-body.ts';
import type { Whip } from './whip.ts';

export interface WhipRoutesDeps {
  readonly whip: Whip;
  readonly tokens: Tokens;
}

const Query = Type.Object(
  {
    record: Type.Optional(
      Type.Union([Type.Literal('1'), Type.Literal('0')], {
        description: '1: the call is recorded from here on',
      }),
    ),
  },
  // Addresses of encoders carry all sorts of things.
  { additionalProperties: true },
);
const SessionParams = Type.Object({ sessionId: Type.String({ format: 'uuid' }) });

export function whipRoutes({ whip, tokens }: WhipRoutesDeps) {
  return new Elysia({ name: 'whip', prefix: '/whip', tags: ['WHIP and WHEP'] })
    .use(authPlugin(tokens))
    .post(
      '/:callId',
      async ({ identity, params, query, body }) => {
        const request = { roomId: params.callId, sdp: textOf(body), isRecorded: query.record === '1' };
        return describedAnswer(201, { protocol: 'whip', ...(await whip.publish(identity, request)) });
      },
      {
        params: Type.Object({ callId: RoomId }),
        query: Query,
        detail: {
          summary: 'Publish into a call by one offer (WHIP, RFC 9725)',
          description:
            'For who may join and publish. The publisher is a participant like any other, under the `sub` of the token; an earlier connection of the same user is replaced. `?record=1` records the call, for who may. The session ends by DELETE, with the call, when its worker dies, and when its client is gone (after at most 45 s).',
          ...whipOffer,
        },
      },
    )
    .patch(
      '/sessions/:sessionId',
      async ({ identity, params, body, request }) => {
        demandType(request, FRAGMENT_TYPE);
        const change = { fragment: textOf(body), ifMatch: request.headers.get('if-match') };
        return patchedAnswer(await whip.patch(identity, params.sessionId, change));
      },
      {
        params: SessionParams,
        detail: {
          summary: 'Tell candidates, or restart ICE',
          description:
            'For who made the session. `If-Match` is the ETag of the ICE session, or `*`; other credentials than before restart ICE.',
          ...fragmentPatch,
        },
      },
    )
    .delete(
      '/sessions/:sessionId',
      ({ identity, params }) => {
        whip.end(identity, params.sessionId);
        return endedAnswer();
      },
      {
        params: SessionParams,
        detail: {
          summary: 'Stop publishing',
          description: 'For who made the session. 404 when it has ended already.',
          ...sessionEnd,
        },
      },
    );
}
