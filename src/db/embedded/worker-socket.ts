/** A stream that looks like a socket to the PostgreSQL driver and ends in the database worker. */
import { Duplex } from 'node:stream';

export interface WorkerSocketOptions {
  send: (bytes: Uint8Array) => void;
  /** Called exactly once, when no more will be sent. */
  hangUp: () => void;
}

export class WorkerSocket extends Duplex {
  readonly #options: WorkerSocketOptions;
  #hasHungUp = false;

  constructor(options: WorkerSocketOptions) {
    super();
    this.#options = options;
  }

  /** The driver asks this of a socket before it ends it. */
  get readyState(): 'open' | 'closed' {
    return this.#hasHungUp ? 'closed' : 'open';
  }

  /** Bytes from the server. The driver always reads, so nothing piles up here. */
  receive(bytes: Uint8Array): void {
    if (this.#hasHungUp || bytes.length === 0) return;
    this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#options.send(new Uint8Array(chunk));
    done();
  }

  override _final(done: (error?: Error) => void): void {
    done();
    this.destroy();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#hasHungUp) {
      this.#hasHungUp = true;
      this.#options.hangUp();
    }
    done(error);
  }
}
