/** What a socket may do to us: how fast it may send, and how often it may send what is no message. */
import { TokenBucket } from 'limiter';

export interface FloodLimits {
  readonly messagesPerSecond: number;
  /** Messages that may come at once. */
  readonly messageBurst: number;
}

type Verdict = 'accept' | 'refuse' | 'close';

/** Messages over the limit are refused; a client that goes on all the same is closed. */
export class FloodGuard {
  readonly #bucket: TokenBucket;
  readonly #patience: number;
  #refusals = 0;

  constructor({ messagesPerSecond, messageBurst }: FloodLimits) {
    this.#bucket = new TokenBucket({
      bucketSize: messageBurst,
      tokensPerInterval: messagesPerSecond,
      interval: 'second',
    });
    this.#bucket.content = messageBurst;
    this.#patience = messageBurst;
  }

  judge(): Verdict {
    if (this.#bucket.tryRemoveTokens(1)) {
      this.#refusals = Math.max(0, this.#refusals - 1);
      return 'accept';
    }
    this.#refusals += 1;
    return this.#refusals > this.#patience ? 'close' : 'refuse';
  }
}

const MAX_VIOLATIONS = 3;
const VIOLATION_WINDOW_MS = 10_000;

/** Three messages within ten seconds that nobody can understand: the other side does not speak the protocol. */
export class ViolationCounter {
  #times: number[] = [];

  /** Counts one more; true when it was one too many. */
  count(now = performance.now()): boolean {
    this.#times = [...this.#times.filter((time) => now - time < VIOLATION_WINDOW_MS), now];
    return this.#times.length >= MAX_VIOLATIONS;
  }
}
