/** How long something has been going on, as a clock that goes on by itself. */
import { setText } from '../dom.ts';

/** `0:07`, `12:34`, `1:02:03`. What lies ahead by a clock that is off counts as now. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

const TICK_MS = 500;

export class ElapsedClock {
  readonly #element: HTMLElement;
  #since: Date | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** Null stops and empties it. The same moment again changes nothing. */
  show(since: Date | null): void {
    if (this.#since?.getTime() === since?.getTime()) return;
    this.stop();
    this.#since = since;
    if (since) this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  /** Twice is no error. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    setText(this.#element, this.#since ? formatElapsed(Date.now() - this.#since.getTime()) : '');
  }
}
