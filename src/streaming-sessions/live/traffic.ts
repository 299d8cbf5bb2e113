/** Counts what goes through the relay since the server started. */
export class Traffic {
  frames = 0;
  /** Bytes that sources sent. */
  bytesIn = 0;
  /** Bytes that were handed to operators. */
  bytesOut = 0;
  /** Operators that were closed because they read too slowly. */
  slowClosed = 0;

  /** A frame of so many bytes went to so many operators. */
  relayed(size: number, operators: number): void {
    this.frames += 1;
    this.bytesIn += size;
    this.bytesOut += size * operators;
  }
}
