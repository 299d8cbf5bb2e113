/** What a storage elsewhere does wrong when a test wants it to. */

export type Fault =
  /** Refuses with its way of saying: slower. */
  | 'throttle'
  | 'forbid'
  /** Takes the request and never answers. */
  | 'hang'
  /** Takes half of the request and closes. */
  | 'cut-request'
  /** Does what it is asked and closes before it answers. */
  | 'lose-answer'
  /** Sends half of the answer and closes. */
  | 'cut-answer'
  /** Sends half of the answer and nothing more. */
  | 'stall-answer'
  /** Keeps other bytes than it was given. */
  | 'damage';

export interface PlannedFault {
  readonly fault: Fault;
  /** Which requests: of the kind that carries bytes up or down, or any. */
  readonly on: 'upload' | 'download' | 'any';
  /** How many of them. */
  readonly times: number;
  /** How many of them go well before; none when it is not said. */
  readonly after?: number;
}

/** Faults that are still to happen. */
export class FaultPlan {
  #planned: PlannedFault[] = [];
  /** How many have happened. */
  happened = 0;

  add(planned: PlannedFault): void {
    this.#planned.push(planned);
  }

  clear(): void {
    this.#planned = [];
    this.happened = 0;
  }

  /** The one that this request meets. */
  take(kind: 'upload' | 'download' | 'other'): Fault | undefined {
    for (const [index, planned] of this.#planned.entries()) {
      if (planned.times === 0 || (planned.on !== 'any' && planned.on !== kind)) continue;
      if (planned.after) {
        this.#planned[index] = { ...planned, after: planned.after - 1 };
        continue;
      }
      this.#planned[index] = { ...planned, times: planned.times - 1 };
      this.happened += 1;
      return planned.fault;
    }
    return undefined;
  }
}
