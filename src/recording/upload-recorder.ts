/** What records uploads, as far as those who take them need to know. */
import type { Call } from '../engine/index.ts';
import type { RecordingState } from '../protocol/index.ts';

export interface Upload {
  /** Of its session; of its recording it is the id too. */
  readonly id: string;
  /** Names the recording and, as far as a file may be called so, its file. Empty: neither has a name of its own. */
  readonly name: string;
  /** What the uploader calls it. */
  readonly streamId: string | undefined;
  readonly ownerId: string;
  readonly maxDurationMs: number;
}

export interface UploadRecorder {
  /** Rejects with `unavailable` without room on the disk. Then nothing is left of it. */
  startUpload(call: Call, upload: Upload): Promise<void>;
  /** Resolves when all that is published now is recorded from its next packet on, or cannot be. Never rejects. */
  ready(call: Call): Promise<void>;
  /** Resolves when all that was captured is on the disk. Rejects with `invalid_state` when none runs. */
  stop(call: Call): Promise<RecordingState>;
  /** Takes away all that was captured or made. Twice is no error. */
  remove(id: string): Promise<void>;
  /** Goes on, in this call, with what an earlier run of the server began. Resolves to whether there was anything to go on with. */
  goOn(call: Call): Promise<boolean>;
  /** Nobody goes on with it: it is made into files, or taken away when nothing came. */
  giveUp(id: string): Promise<void>;
}
