/** One router of a room: where the media of some of its endpoints meets, on one worker. */
import type { Router, WebRtcServer } from 'mediasoup/types';
import { Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import { askMediasoup } from '../refusal.ts';
import type { MediaWorker } from '../workers/index.ts';
import { Speakers } from './speakers.ts';

interface HomeEvents extends Record<string, unknown> {
  /** The worker died, and everything here with it. Emitted at most once, never after `close()`. */
  lost: undefined;
}

export class Home {
  readonly worker: MediaWorker;
  readonly router: Router;
  readonly speakers: Speakers;
  readonly #emitter = new Emitter<HomeEvents>();
  #isClosed = false;

  /** Rejects with `unavailable` when the worker dies meanwhile. */
  static async create(worker: MediaWorker): Promise<Home> {
    const undo = new UndoStack();
    try {
      const what = 'The room has no place';
      const router = undo.add(await askMediasoup(what, worker.createRouter()), (made) => made.close());
      return new Home(worker, router, await askMediasoup(what, Speakers.create(router)));
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(worker: MediaWorker, router: Router, speakers: Speakers) {
    this.worker = worker;
    this.router = router;
    this.speakers = speakers;
    router.on('workerclose', () => {
      speakers.close();
      this.#emitter.emit('lost', undefined);
      this.#emitter.removeAll();
    });
  }

  get events(): Listenable<HomeEvents> {
    return this.#emitter;
  }

  get webRtcServer(): WebRtcServer {
    return this.worker.webRtcServer;
  }

  /** True from the moment on at which the worker is gone, before anything that lived here says that it closed. */
  get isLost(): boolean {
    return this.router.closed && !this.#isClosed;
  }

  /** Twice is no error. */
  close(): void {
    this.#isClosed = true;
    this.#emitter.removeAll();
    this.speakers.close();
    this.router.close();
  }
}
