/** What records phone calls, as far as those who make them need to know. */
import type { Call } from '../engine/index.ts';
import type { RecordingState } from '../protocol/index.ts';

export interface PhoneRecording {
  /** Of the phone call; of its recording it is the id too. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly ownerId: string;
  /** The user id of the far end: heard right, everyone else left. The recording lasts while it is there. */
  readonly farEnd: string;
  readonly maxDurationMs: number;
}

export interface PhoneRecorder {
  /** Rejects with `unavailable` without room on the disk. Then nothing is left of it. */
  startPhone(call: Call, recording: PhoneRecording): Promise<void>;
  /** Resolves when all that is published now is recorded from its next packet on, or cannot be. Never rejects. */
  ready(call: Call): Promise<void>;
  /** Resolves when all that was captured is on the disk. Rejects with `invalid_state` when none runs. */
  stop(call: Call): Promise<RecordingState>;
  /** The call goes on with the next run of the server, and so does this. Resolves when all that was captured is on the disk. */
  suspend(call: Call): Promise<void>;
  /** Goes on, in this call, with what an earlier run of the server began. Resolves to whether there was anything to go on with. */
  goOn(call: Call): Promise<boolean>;
  /** Nobody goes on with it: it is made into files, or taken away when nothing came. */
  giveUp(id: string): Promise<void>;
  /** Takes away all that was captured or made. Twice is no error. */
  remove(id: string): Promise<void>;
}
