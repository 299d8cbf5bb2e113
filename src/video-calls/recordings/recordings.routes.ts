/** `/video-calls/:id/recording/…`: begin, end, see and delete a recording of a call. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../../auth/index.ts';
import { jsonBodies } from '../../http/index.ts';
import { RecordingResource } from '../../library/index.ts';
import { RecordingRequest, RecordingState, RoomId } from '../../protocol/index.ts';
import { CallParams } from '../model.ts';
import type { CallRecordings } from './call-recordings.ts';

export interface CallRecordingsRoutesDeps {
  readonly recordings: CallRecordings;
  readonly tokens: Tokens;
}

const Params = Type.Object({ id: RoomId, recordingId: Type.String({ format: 'uuid' }) });

export function callRecordingsRoutes({ recordings, tokens }: CallRecordingsRoutesDeps) {
  return new Elysia({ name: 'call-recordings', prefix: '/video-calls/:id/recording', tags: ['Recordings'] })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post(
      '/start',
      async ({ identity, params, body, status }) =>
        status(201, await recordings.start(identity, params.id, body ?? {})),
      {
        params: CallParams,
        // Everything in it is optional, and so is the body.
        body: Type.Optional(RecordingRequest),
        response: { 201: RecordingState },
        detail: {
          summary: 'Record the call, for everyone in it to see',
          description:
            'For its host, admins and tokens with the grant `record`. 409 while one runs, with its id in `details`.',
        },
      },
    )
    .post(
      '/stop',
      async ({ identity, params, status }) => status(202, await recordings.stop(identity, params.id)),
      {
        params: CallParams,
        response: { 202: RecordingState },
        detail: {
          summary: 'End the recording that runs; its files are made then',
          description:
            'For the same who may start one. Answered when all that was captured is on the disk. 409 when none runs.',
        },
      },
    )
    .get('/:recordingId', ({ identity, params }) => recordings.get(identity, params.id, params.recordingId), {
      params: Params,
      response: RecordingResource,
      detail: {
        summary: 'A recording of the call: how far it is, and its files',
        description: 'For who may see the call. `recording_not_found` for one of another call, too.',
      },
    })
    .delete(
      '/:recordingId',
      async ({ identity, params, status }) => {
        await recordings.remove(identity, params.id, params.recordingId);
        return status(204, undefined);
      },
      {
        params: Params,
        detail: {
          summary: 'Delete a recording of the call with all its files',
          description:
            'For its host and admins. What runs is ended first. Answered 204 when nothing is left.',
        },
      },
    );
}
