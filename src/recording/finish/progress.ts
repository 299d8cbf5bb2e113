/** How far a finish is: every phase has a part of the whole, and every task of a phase a part of that. */
import type { FinishPhase } from './result.ts';

/** Counts the work of a phase, in any unit. */
export interface Meter {
  /** Begins a task of so many units; the function takes how many of them are done. */
  task(units: number): (done: number) => void;
}

/** Where each phase ends, as a part of the whole; about as long as they take. */
const ENDS: Readonly<Record<FinishPhase, number>> = {
  remuxing: 0.03,
  normalising: 0.4,
  composing: 0.85,
  mixing: 0.9,
  encoding: 0.97,
  thumbnails: 0.98,
  manifest: 1,
};
const PHASES: readonly FinishPhase[] = [
  'remuxing',
  'normalising',
  'composing',
  'mixing',
  'encoding',
  'thumbnails',
  'manifest',
];

export class Progress {
  readonly #onProgress: (phase: FinishPhase, progress: number) => void;
  #last = 0;

  constructor(onProgress: (phase: FinishPhase, progress: number) => void) {
    this.#onProgress = onProgress;
  }

  /** `units` is all the work that its tasks will have. */
  begin(phase: FinishPhase, units: number): Meter {
    const previous = PHASES[PHASES.indexOf(phase) - 1];
    const from = previous ? ENDS[previous] : 0;
    this.#report(phase, from);
    const tasks: number[] = [];
    return {
      task: (size) => {
        const index = tasks.push(0) - 1;
        return (done) => {
          tasks[index] = Math.min(size, Math.max(tasks[index] ?? 0, done));
          const sum = tasks.reduce((total, value) => total + value, 0);
          this.#report(phase, from + (ENDS[phase] - from) * Math.min(1, sum / Math.max(units, 1e-9)));
        };
      },
    };
  }

  #report(phase: FinishPhase, progress: number): void {
    this.#last = Math.max(this.#last, progress);
    this.#onProgress(phase, this.#last);
  }
}
