/** The live calls of this server, by room id. Opening one goes through a queue per room id: two joins make one call. */
import { AppError, KeyedQueue } from '../lib/index.ts';
import type { MediaServer } from '../media/index.ts';
import type { CallEndReason } from '../protocol/index.ts';
import { Call, type CallOptions } from './call.ts';

/** What must be known about a call before it can live; from the database. */
export interface CallPlan extends Omit<CallOptions, 'room' | 'roomId'> {
  /** Called once the call lives and before anybody can join it. */
  readonly onOpened: (call: Call) => void;
}

export class CallRegistry {
  readonly #media: MediaServer;
  readonly #calls = new Map<string, Call>();
  readonly #openings = new KeyedQueue<string>();
  #isClosed = false;

  constructor(media: MediaServer) {
    this.#media = media;
  }

  get size(): number {
    return this.#calls.size;
  }

  all(): Call[] {
    return [...this.#calls.values()];
  }

  get(roomId: string): Call | undefined {
    return this.#calls.get(roomId);
  }

  /**
   * The live call of this room id, or a new one as `plan` says. What `plan` or the media server throws comes out; rejects
   * with `unavailable` once it is closed.
   */
  open(roomId: string, plan: () => Promise<CallPlan>): Promise<Call> {
    return this.#openings.run(roomId, async () => {
      const existing = this.#calls.get(roomId);
      if (existing) return existing;
      if (this.#isClosed) throw stopping();
      const { onOpened, ...options } = await plan();
      const room = await this.#media.createRoom();
      const call = new Call({ ...options, roomId, room });
      this.#calls.set(roomId, call);
      call.events.on('ended', () => this.#calls.delete(roomId));
      onOpened(call);
      return call;
    });
  }

  /** Runs after what is being opened under this room id, and before what comes later. */
  exclusively<T>(roomId: string, task: () => Promise<T>): Promise<T> {
    return this.#openings.run(roomId, task);
  }

  /** Ends every call, and opens none any more. */
  async close(reason: CallEndReason): Promise<void> {
    this.#isClosed = true;
    await this.#openings.idle();
    for (const call of this.all()) call.end(reason);
  }
}

function stopping(): AppError {
  return new AppError('unavailable', 'The server is stopping.', 'server', { retryAfterSeconds: 2 });
}
