/** `/video-calls/:id/participants/:userId`: mute and remove people. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../../auth/index.ts';
import { jsonBodies } from '../../http/index.ts';
import { eventExamples, Participant, RoomId, UserId } from '../../protocol/index.ts';
import type { Moderation } from './moderation.ts';

const Params = Type.Object({ id: RoomId, userId: UserId });

const MuteRequest = Type.Object(
  {
    kind: Type.Optional(
      Type.Union([Type.Literal('audio'), Type.Literal('video')], {
        default: 'audio',
        description: 'audio: the microphone; video: the camera. What is shared of a screen goes on.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ kind: 'audio' }] },
);

export interface ModerationRoutesDeps {
  readonly moderation: Moderation;
  readonly tokens: Tokens;
}

export function moderationRoutes({ moderation, tokens }: ModerationRoutesDeps) {
  return new Elysia({
    name: 'call-moderation',
    prefix: '/video-calls/:id/participants/:userId',
    tags: ['Video calls'],
  })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post(
      '/mute',
      ({ identity, params: { id, userId }, body }) =>
        moderation.mute(identity, { roomId: id, userId }, body?.kind ?? 'audio'),
      {
        params: Params,
        body: Type.Optional(MuteRequest),
        response: { ...Participant, examples: [eventExamples['participant-joined'].participant] },
        detail: {
          summary: 'Mute somebody in the call, by a moderator',
          description:
            'Pauses their microphone or camera; everyone gets participant-updated. They may unmute again.',
        },
      },
    )
    .delete(
      '/',
      async ({ identity, params: { id, userId }, status }) => {
        await moderation.remove(identity, { roomId: id, userId });
        return status(204, undefined);
      },
      {
        params: Params,
        response: { 204: Type.Void() },
        detail: {
          summary: 'Remove somebody from the call, by a moderator',
          description:
            'Their socket closes with 4403. They may join again: lock the call, or take them out of `invited`, to keep them out.',
        },
      },
    );
}
