/** What records calls, as far as those who ask for it need to know. */
import type { Call } from '../engine/index.ts';
import type { RecordingRequest, RecordingState } from '../protocol/index.ts';

export interface Recorder {
  /** How many recordings run now. */
  readonly runningCount: number;
  /**
   * Rejects with `invalid_state` while one runs, with its id in the details, and while nobody is in the call; `forbidden`
   * where the call is set so; `unavailable` without room on the disk. `startedBy` is null when no user asked for it.
   */
  start(call: Call, startedBy: string | null, request: RecordingRequest): Promise<RecordingState>;
  /** Resolves when all that was captured is on the disk. Rejects with `invalid_state` when none runs. */
  stop(call: Call): Promise<RecordingState>;
}
