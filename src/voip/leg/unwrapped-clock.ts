/** RTP timestamps and sequence numbers go round; this follows them as numbers that only grow. */

export class UnwrappedClock {
  readonly #modulus: number;
  #last: number | undefined;

  constructor(bits: 16 | 32) {
    this.#modulus = 2 ** bits;
  }

  /** Where it stands, by the shorter way from the last one (RFC 3550, appendix A.1). */
  read(value: number): number {
    const last = this.#last;
    if (last === undefined) {
      this.#last = value;
      return value;
    }
    const half = this.#modulus / 2;
    const step = ((((value - last) % this.#modulus) + this.#modulus + half) % this.#modulus) - half;
    const now = last + step;
    this.#last = Math.max(last, now);
    return now;
  }
}
