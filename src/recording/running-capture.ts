/** One recording while it runs: the capture in its call, and the time at which it ends by itself. */
import type { Call } from '../engine/index.ts';
import { Alarm, Emitter, type Listenable } from '../lib/index.ts';
import type { RecordingStopReason } from '../protocol/index.ts';
import { CallCapture, type CallCaptureOptions, type Trouble } from './capture/index.ts';
import type { RecordingPlan } from './plan.ts';

interface RunningCaptureEvents extends Record<string, unknown> {
  /** It has to be stopped now. At most once. */
  expired: RecordingStopReason;
  /** Something is not recorded from now on, or is again. */
  troubled: { readonly trouble: Trouble; readonly isOver: boolean };
}

export class RunningCapture {
  readonly call: Call;
  readonly plan: RecordingPlan;
  readonly #capture: CallCapture;
  readonly #emitter = new Emitter<RunningCaptureEvents>();
  readonly #alarm: Alarm;

  /** Goes on with a folder that is there. Rejects as `CallCapture.create` does. */
  static async create(plan: RecordingPlan, options: CallCaptureOptions): Promise<RunningCapture> {
    return new RunningCapture(plan, options.call, await CallCapture.create(options));
  }

  private constructor(plan: RecordingPlan, call: Call, capture: CallCapture) {
    this.plan = plan;
    this.call = call;
    this.#capture = capture;
    this.#capture.events.on('ended', () => this.#emitter.emit('expired', 'call-ended'));
    for (const [event, isOver] of [
      ['failed', false],
      ['recovered', true],
    ] as const) {
      this.#capture.events.on(event, (trouble) => this.#emitter.emit('troubled', { trouble, isOver }));
    }
    const endsAt = new Date(plan.startedAtMs + plan.maxDurationMs);
    this.#alarm = new Alarm(() => this.#emitter.emit('expired', 'max-duration'));
    this.#alarm.set(endsAt);
  }

  get events(): Listenable<RunningCaptureEvents> {
    return this.#emitter;
  }

  /** Process ids of the readers that run. */
  get readerPids(): number[] {
    return this.#capture.readerPids;
  }

  /** As `CallCapture.ready`. */
  ready(): Promise<void> {
    return this.#capture.ready();
  }

  /** Resolves when all is on the disk. Twice is no error. */
  async stop(reason: RecordingStopReason | 'server-stopped'): Promise<void> {
    this.#alarm.cancel();
    this.#emitter.removeAll();
    await this.#capture.stop(reason);
  }
}
