/** What records calls, as far as others need to know it; and what stands there in a server that has no recorder. */
import { AppError } from '../lib/index.ts';

export interface RecordingState {
  readonly recordingId: string;
  readonly status: 'recording' | 'processing' | 'completed' | 'failed';
}

/** Rejects with `unavailable` where nothing can be recorded. */
export interface Recorder {
  /** How many recordings run now. */
  readonly runningCount: number;
  /** The recording that runs in the newest call of this room id, or null. */
  running(roomId: string): RecordingState | null;
  /** Starts recording the call, and gives the id of the recording. */
  start(roomId: string): Promise<string>;
  /** Stops the recording that runs in the call. */
  stop(roomId: string): Promise<void>;
  status(recordingId: string): Promise<RecordingState>;
  /** Deletes every file and row of the recording. */
  delete(recordingId: string): Promise<void>;
}

export const noRecorder: Recorder = {
  runningCount: 0,
  running: () => null,
  start: refuse,
  stop: refuse,
  status: refuse,
  delete: refuse,
};

async function refuse(): Promise<never> {
  throw new AppError('unavailable', 'This server has no recorder.', 'server');
}
