/** `/video-calls/:id/join` and `/invites`: tokens for one call. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../../auth/index.ts';
import { jsonBodies, publicBaseUrl } from '../../http/index.ts';
import { CallParams } from '../model.ts';
import { Invite, InviteRequest, Pass } from './model.ts';
import type { CallPasses } from './passes.ts';

export interface PassesRoutesDeps {
  readonly passes: CallPasses;
  readonly tokens: Tokens;
  /** As configured; absent: the address of each request. */
  readonly baseUrl: string | undefined;
}

export function passesRoutes({ passes, tokens, baseUrl }: PassesRoutesDeps) {
  return new Elysia({ name: 'call-passes', prefix: '/video-calls/:id', tags: ['Video calls'] })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post(
      '/join',
      ({ identity, params, request }) => passes.join(identity, params.id, publicBaseUrl(request, baseUrl)),
      {
        params: CallParams,
        response: Pass,
        detail: {
          summary: 'A token for this call alone, for who may join it',
          description:
            'What the caller may do in the call, for at most 4 hours and never longer than the token that asks. Where joining makes calls (CALL_AUTO_CREATE), this makes one too.',
        },
      },
    )
    .post(
      '/invites',
      async ({ identity, params, body, request, status }) =>
        status(
          201,
          await passes.invite(identity, params.id, { ...body, baseUrl: publicBaseUrl(request, baseUrl) }),
        ),
      {
        params: CallParams,
        // Everything in it is optional, and so is the body.
        body: Type.Optional(InviteRequest),
        response: { 201: Invite },
        detail: {
          summary: 'A link into this call for a guest, by a moderator',
          description:
            'The token in the link works until it expires; nothing takes it back. Nobody can give rights that they have not.',
        },
      },
    );
}
