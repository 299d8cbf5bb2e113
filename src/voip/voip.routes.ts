/** `/api/calls`: phone calls from a browser. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../auth/index.ts';
import type { PhoneCallRow } from '../db/index.ts';
import { eventStream, jsonBodies } from '../http/index.ts';
import type { Dialling } from './calls/dialling.ts';
import type { PhoneCalls } from './calls/phone-calls.ts';
import { watchCall } from './calls/watch-call.ts';
import {
  AnswerRequest,
  CallParams,
  CandidatesRequest,
  DtmfRequest,
  InitiateHeaders,
  InitiateRequest,
  InitiateResponse,
  PhoneCallList,
  PhoneCallResource,
  PhoneCallsQuery,
  TerminateRequest,
  TerminateResponse,
  Told,
} from './model.ts';

/** These routes keep the codes of the system that they come from. */
export const PHONE_ERRORS = {
  base: '/api/calls',
  codes: { unauthenticated: 'unauthorized', forbidden: 'unauthorized' },
};

const EVENTS_EXAMPLE =
  'event: dtmf\ndata: {"call_id":"0199c0de-7a11-7000-8000-000000000001","digit":"5"}\n\n';

export interface VoipRoutesDeps {
  readonly dialling: Dialling;
  readonly calls: PhoneCalls;
  readonly tokens: Tokens;
}

const told = ({ id, status }: PhoneCallRow) => ({ call_id: id, status });

export function voipRoutes({ dialling, calls, tokens }: VoipRoutesDeps) {
  return new Elysia({ name: 'voip', prefix: '/api/calls', tags: ['Phone calls'] })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post(
      '/initiate',
      async ({ identity, body, headers }) => {
        const row = await dialling.initiate(identity, {
          phoneNumber: body.phone_number,
          isRecorded: body.record ?? false,
          idempotencyKey: headers['idempotency-key'],
        });
        return {
          call_id: row.id,
          session_id: row.sessionId ?? '',
          sdp_offer: row.sdpOffer ?? '',
          status: row.status,
          start_time: row.startTime.toISOString(),
        };
      },
      {
        body: InitiateRequest,
        headers: InitiateHeaders,
        response: InitiateResponse,
        detail: {
          summary: 'Dial a number',
          description:
            'Answer `sdp_offer` within 30 s: one section of audio, µ-law, both ways. A request that is repeated with its `Idempotency-Key` is the same call, and dials once. `call_already_active` while the caller has another call; `rate_limited` after as many calls as a user has for a day; `call_initiation_failed` (503) when the provider cannot be reached, or a recording cannot begin. With `record` the call is a recording from its answer on, with its id and the caller as owner: the caller left, the far end right.',
        },
      },
    )
    .post(
      '/terminate',
      async ({ identity, body }) => {
        const { id, duration, status } = await calls.terminate(identity, body.call_id);
        return { call_id: id, duration, status };
      },
      {
        body: TerminateRequest,
        response: TerminateResponse,
        detail: {
          summary: 'Hang up',
          description: 'Twice gives the same answer. The call ends whatever the provider says.',
        },
      },
    )
    .get('/', ({ identity, query }) => calls.list(identity, query), {
      query: PhoneCallsQuery,
      response: PhoneCallList,
      detail: {
        summary: 'The calls of the caller, newest first',
        description: 'Paged (`page`, `limit`). With `all=true` an admin sees those of everybody.',
      },
    })
    .get('/:call_id', ({ identity, params }) => calls.get(identity, params.call_id), {
      params: CallParams,
      response: PhoneCallResource,
      detail: {
        summary: 'A phone call',
        description:
          'For whoever dialled it: `unauthorized` (403) for others, `call_not_found` (404) when there is none.',
      },
    })
    .post(
      '/:call_id/answer',
      async ({ identity, params, body }) =>
        told(await calls.answer(identity, params.call_id, body.sdp_answer)),
      {
        params: CallParams,
        body: AnswerRequest,
        response: Told,
        detail: {
          summary: 'Answer the offer of a call',
          description: '`invalid_state` (409) when it has been answered, or the call has ended.',
        },
      },
    )
    .post(
      '/:call_id/candidates',
      async ({ identity, params }) => told((await calls.watch(identity, params.call_id)).row),
      {
        params: CallParams,
        body: CandidatesRequest,
        response: Told,
        detail: {
          summary: 'Tell ICE candidates',
          description: 'Taken, and not needed: the server is ICE-lite, and its offer has all of its own.',
        },
      },
    )
    .post(
      '/:call_id/dtmf',
      async ({ identity, params, body, status }) => {
        await calls.press(identity, params.call_id, body.digits);
        return status(204, undefined);
      },
      {
        params: CallParams,
        body: DtmfRequest,
        response: { 204: Type.Void() },
        detail: {
          summary: 'Press keys',
          description: 'Their tones go to the far end. `invalid_state` (409) while nobody has answered.',
        },
      },
    )
    .get(
      '/:call_id/events',
      async ({ identity, params, request, server }) => {
        // Whoever may not see it is told so by a status, before any event.
        const watched = await calls.watch(identity, params.call_id);
        return eventStream({ request, server, start: (say, end) => watchCall(watched, { say, end }) });
      },
      {
        params: CallParams,
        detail: {
          summary: 'How the call stands, and what happens to it (server-sent events)',
          description:
            '`connecting`, `ringing`, `active` and `ended`, each with the whole call; `quality` every 5 s; `dtmf` with a key that the far end pressed; `offer` with an `sdp_offer` that is to be answered again, because the media server was replaced. After `ended` the answer ends.',
          responses: {
            200: {
              description: 'Events until the call has ended',
              content: { 'text/event-stream': { schema: { type: 'string' }, example: EVENTS_EXAMPLE } },
            },
          },
        },
      },
    );
}
