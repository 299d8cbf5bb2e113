/** Starting and stopping the recording of the call. */
import type { CallHandler } from './handler.ts';

export const startRecording: CallHandler<'start-recording'> = {
  needs: 'call',
  permission: (permissions) => permissions.record,
  handle: ({ call, participant, services }, request) =>
    services.recorder.start(call, participant.userId, request),
};

export const stopRecording: CallHandler<'stop-recording'> = {
  needs: 'call',
  permission: (permissions) => permissions.record,
  handle: ({ call, services }) => services.recorder.stop(call),
};
