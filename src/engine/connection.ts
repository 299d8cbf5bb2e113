/** The line to one participant's client: what it is told, and what is kept for it while the line is lost. */
import type { CallEvent, EventType } from '../protocol/index.ts';

type Tell = (event: CallEvent) => void;

/** State can be asked again after a resume; words cannot. */
const KEPT_EVENTS: ReadonlySet<EventType> = new Set(['chat']);
/** Older ones are dropped: nobody reads more after an absence of seconds. */
const MAX_KEPT_EVENTS = 500;

export class Connection {
  #tell: Tell | undefined;
  #kept: CallEvent[] = [];
  #grace: Timer | undefined;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  get isUp(): boolean {
    return this.#tell !== undefined;
  }

  tell(event: CallEvent): void {
    if (this.#tell) this.#tell(event);
    else if (KEPT_EVENTS.has(event.type)) this.#kept = [...this.#kept, event].slice(-MAX_KEPT_EVENTS);
  }

  /** The client is gone for now. `onGivenUp` is called when it has not come back within `graceMs`. */
  lose(graceMs: number, onGivenUp: () => void): void {
    this.#tell = undefined;
    clearTimeout(this.#grace);
    this.#grace = setTimeout(onGivenUp, graceMs);
  }

  /** The client is back, or on another line. Returns what was said to it meanwhile. */
  restore(tell: Tell): CallEvent[] {
    clearTimeout(this.#grace);
    this.#tell = tell;
    const kept = this.#kept;
    this.#kept = [];
    return kept;
  }

  close(): void {
    clearTimeout(this.#grace);
    this.#tell = undefined;
    this.#kept = [];
  }
}
