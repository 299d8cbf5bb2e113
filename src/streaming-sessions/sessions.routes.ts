/** `/sessions`: create and finish streaming sessions, and see who watches. */
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../auth/index.ts';
import { jsonBodies, publicBaseUrl } from '../http/index.ts';
import { CreatedSession, CreateSession, OperatorList, SessionParams } from './model.ts';
import type { StreamingSessionsService } from './service.ts';

export interface SessionsRoutesDeps {
  readonly service: StreamingSessionsService;
  readonly tokens: Tokens;
  readonly publicBaseUrl: string | undefined;
  readonly wsBaseUrl: string | undefined;
}

export function sessionsRoutes({ service, tokens, ...bases }: SessionsRoutesDeps) {
  return new Elysia({ name: 'streaming-sessions', prefix: '/sessions', tags: ['Streaming sessions'] })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post(
      '/',
      async ({ identity, body, request, status }) => {
        const { id, streamKey } = await service.create(identity, body.client_id);
        const base = bases.wsBaseUrl ?? publicBaseUrl(request, bases.publicBaseUrl).replace(/^http/, 'ws');
        return status(201, {
          session_id: id,
          stream_key: streamKey,
          ws_url: `${base}/ws/stream/${id}/${body.client_id}?key=${streamKey}`,
          status: 'waiting' as const,
        });
      },
      {
        body: CreateSession,
        response: { 201: CreatedSession },
        detail: {
          summary: 'Create a session',
          description: 'Of the caller, or of anybody for a service. It waits for its source.',
        },
      },
    )
    .delete(
      '/:id',
      async ({ identity, params, status }) => {
        await service.finish(identity, params.id);
        return status(204, undefined);
      },
      {
        params: SessionParams,
        detail: {
          summary: 'Finish a session for everyone; again is no error',
          description: 'For its source, services and admins. All of its sockets close with 4404.',
        },
      },
    )
    .get('/:id/operators', ({ identity, params }) => service.operators(identity, params.id), {
      params: SessionParams,
      response: OperatorList,
      detail: {
        summary: 'Who has watched, and who does now',
        description: 'For its source, services and admins. In the order in which they first connected.',
      },
    });
}
