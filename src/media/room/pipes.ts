/** Carries tracks and data channels from the router where they arrive to those where somebody wants them, once for each. */
import { askMediasoup } from '../refusal.ts';
import type { Home } from './home.ts';

/** What can be carried. */
export interface Source {
  readonly kind: 'audio' | 'video' | 'data';
  /** Of its producer or data producer; the same on every router. */
  readonly id: string;
  readonly home: Home;
}

/** Gives a share in a pipe back. Twice is no error. */
export type Release = () => void;

/** What comes out at the far end; closing it closes the pipe. */
interface Outlet {
  close(): void;
  /** Calls once it is closed, for whatever reason. */
  whenClosed(listener: () => void): void;
}

interface Pipe {
  users: number;
  readonly outlet: Promise<Outlet>;
}

export class Pipes {
  readonly #pipes = new Map<string, Pipe>();

  /** How many pipes are open. */
  get size(): number {
    return this.#pipes.size;
  }

  /**
   * Makes `source` available on `target`, until the last who asked for it has given it back. Rejects with `not_found` when the
   * source ends meanwhile, and with `unavailable` when a worker does.
   */
  async lease(source: Source, target: Home): Promise<Release> {
    if (source.home === target) return () => {};
    const key = `${source.id} ${target.router.id}`;
    const pipe = this.#pipes.get(key) ?? this.#open(key, source, target);
    pipe.users += 1;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      this.#release(key, pipe);
    };
    try {
      await pipe.outlet;
    } catch (error) {
      release();
      throw error;
    }
    return release;
  }

  #open(key: string, source: Source, target: Home): Pipe {
    const pipe: Pipe = {
      users: 0,
      outlet: askMediasoup('The track cannot be carried over', lay(source, target)),
    };
    this.#pipes.set(key, pipe);
    const forget = () => {
      if (this.#pipes.get(key) === pipe) this.#pipes.delete(key);
    };
    pipe.outlet.then((outlet) => outlet.whenClosed(forget), forget);
    return pipe;
  }

  #release(key: string, pipe: Pipe): void {
    pipe.users -= 1;
    if (pipe.users > 0) return;
    if (this.#pipes.get(key) === pipe) this.#pipes.delete(key);
    pipe.outlet.then(
      (outlet) => outlet.close(),
      // It never opened, as whoever asked for it was told.
      () => undefined,
    );
  }
}

async function lay({ kind, id, home }: Source, { router }: Home): Promise<Outlet> {
  const { pipeProducer, pipeDataProducer } = await home.router.pipeToRouter(
    kind === 'data' ? { dataProducerId: id, router } : { producerId: id, router },
  );
  const end = pipeProducer ?? pipeDataProducer;
  if (!end) throw new TypeError('mediasoup made a pipe without an end');
  const observer: { once(event: 'close', listener: () => void): unknown } = end.observer;
  return {
    close: () => end.close(),
    whenClosed: (listener) => observer.once('close', listener),
  };
}
