/** `/video-calls`: create, list, look at, change and end calls. */
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../auth/index.ts';
import { jsonBodies } from '../http/index.ts';
import { CallList, CallParams, CallResource, CreateCall, ListQuery, UpdateCall } from './model.ts';
import type { VideoCallsService } from './service.ts';

export interface VideoCallsRoutesDeps {
  readonly service: VideoCallsService;
  readonly tokens: Tokens;
}

export function videoCallsRoutes({ service, tokens }: VideoCallsRoutesDeps) {
  return new Elysia({ name: 'video-calls', prefix: '/video-calls', tags: ['Video calls'] })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post('/', async ({ identity, body, status }) => status(201, await service.create(identity, body)), {
      body: CreateCall,
      response: { 201: CallResource },
      detail: {
        summary: 'Create a call',
        description:
          'The caller becomes its host. An `id` of a call that has not ended is a conflict; without one it gets one.',
      },
    })
    .get('/', ({ identity, query }) => service.list(identity, query), {
      query: ListQuery,
      response: CallList,
      detail: {
        summary: 'The calls of the caller, newest first; all of them for an admin',
        description: 'Those that they made, were in, or are invited to.',
      },
    })
    .get('/:id', ({ identity, params }) => service.get(identity, params.id), {
      params: CallParams,
      response: CallResource,
      detail: {
        summary: 'A call, with who is in it now',
        description: 'The newest one of that id. `call_not_found` also for those who may not see it.',
      },
    })
    .put('/:id', ({ identity, params, body }) => service.update(identity, params.id, body), {
      params: CallParams,
      body: UpdateCall,
      response: CallResource,
      detail: {
        summary: 'Change a call',
        description: 'For its host and admins. What is left out stays as it is.',
      },
    })
    .delete('/:id', ({ identity, params }) => service.end(identity, params.id), {
      params: CallParams,
      response: CallResource,
      detail: {
        summary: 'End a call for everyone; again is no error',
        description:
          'For its host and admins. Everybody gets `call-ended`, and their sockets close with 4404.',
      },
    });
}
