/** The recording of one phone call that was asked for: begins before the phone rings, and is kept when somebody answered. */
import type { PhoneCallRow } from '../../db/index.ts';
import type { Call } from '../../engine/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { PhoneRecorder } from '../../recording/index.ts';

export interface CallRecordingOptions {
  readonly call: Call;
  readonly row: Pick<PhoneCallRow, 'id' | 'userId' | 'phoneNumber'>;
  /** The user id of the phone. */
  readonly farEnd: string;
  readonly maxDurationMs: number;
}

export class CallRecording {
  readonly #recorder: PhoneRecorder;
  readonly #call: Call;

  /** Rejects with `unavailable` without room on the disk; then nothing is left of it. */
  static async begin(recorder: PhoneRecorder, options: CallRecordingOptions): Promise<CallRecording> {
    const { call, row, farEnd, maxDurationMs } = options;
    const { id, userId: ownerId, phoneNumber: name } = row;
    await recorder.startPhone(call, { id, name, ownerId, farEnd, maxDurationMs });
    await recorder.ready(call);
    return new CallRecording(recorder, call);
  }

  /** In a call that is taken up again. Undefined when its recording ended before: the disk was full. */
  static async goOn(recorder: PhoneRecorder, call: Call): Promise<CallRecording | undefined> {
    return (await recorder.goOn(call)) ? new CallRecording(recorder, call) : undefined;
  }

  private constructor(recorder: PhoneRecorder, call: Call) {
    this.#recorder = recorder;
    this.#call = call;
  }

  /**
   * To be called while the tracks still are: each ends with a goodbye, not with a cut. Of a call that nobody answered nothing is
   * left. Resolves when all is on the disk; what fails is found by the look of the recordings. Never rejects.
   */
  async end({
    isAnswered,
    logger,
  }: {
    readonly isAnswered: boolean;
    readonly logger: Logger;
  }): Promise<void> {
    const { callId } = this.#call;
    try {
      await (isAnswered ? this.#recorder.stop(this.#call) : this.#recorder.remove(callId));
    } catch (error) {
      // It has ended by itself: the disk is full, or somebody deleted it.
      if (error instanceof AppError && error.code === 'invalid_state') return;
      logger.warn({ err: error, callId }, 'the recording of a phone call did not end well');
    }
  }

  /** The call goes on with the next run of the server. */
  suspend(): Promise<void> {
    return this.#recorder.suspend(this.#call);
  }
}
