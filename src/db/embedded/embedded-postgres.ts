/** An embedded PostgreSQL (PGlite) in a worker of its own; owns the worker, the folder's lock and the connections. */
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { AppError, assertNever } from '../../lib/index.ts';
import { FolderLock } from './folder-lock.ts';
import type { ConnectionId, FromWorker, ToWorker } from './messages.ts';
import { WorkerSocket } from './worker-socket.ts';

const CLUSTER_FOLDER = 'cluster';
/** A worker that does not answer a close is ended all the same: its write-ahead log has what was acknowledged. */
const CLOSE_TIMEOUT_MS = 10_000;

export class EmbeddedPostgres {
  readonly #lock: FolderLock;
  readonly #worker: Worker;
  readonly #sockets = new Map<ConnectionId, WorkerSocket>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  #nextConnection: ConnectionId = 1;
  #failure: AppError | undefined;
  #closing: Promise<void> | undefined;

  private constructor(lock: FolderLock) {
    this.#lock = lock;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url));
    this.#handleWorker();
  }

  /**
   * Opens the database in the folder, making it when there is none (4 s the first time, 1 s later).
   * Rejects with `database_locked`, `database_folder_unusable` or `database_unavailable`.
   */
  static async open(folder: string): Promise<EmbeddedPostgres> {
    const embedded = new EmbeddedPostgres(FolderLock.take(folder));
    try {
      embedded.#tell({ kind: 'open', folder: join(folder, CLUSTER_FOLDER) });
      await embedded.#opened.promise;
      return embedded;
    } catch (error) {
      await embedded.close();
      throw error;
    }
  }

  /** A new logical connection. Throws `database_unavailable` when the worker has ended. */
  connect(): Duplex {
    if (this.#failure) throw this.#failure;
    if (this.#closing) throw unavailableError('it is closed');
    const id = this.#nextConnection;
    this.#nextConnection += 1;
    const socket = new WorkerSocket({
      send: (bytes) => this.#tell({ kind: 'frontend', connection: id, bytes }),
      hangUp: () => {
        this.#sockets.delete(id);
        this.#tell({ kind: 'hang-up', connection: id });
      },
    });
    this.#sockets.set(id, socket);
    return socket;
  }

  /** Writes everything back, ends the worker and gives the folder free. Twice is no error. */
  close(): Promise<void> {
    this.#closing ??= this.#closeOnce();
    return this.#closing;
  }

  async #closeOnce(): Promise<void> {
    for (const socket of [...this.#sockets.values()]) socket.destroy();
    if (!this.#failure) {
      this.#tell({ kind: 'close' });
      const timer = setTimeout(() => this.#closed.resolve(), CLOSE_TIMEOUT_MS);
      await this.#closed.promise;
      clearTimeout(timer);
    }
    this.#worker.terminate();
    await this.#exited.promise;
    this.#lock.release();
  }

  #handleWorker(): void {
    // The failure of `open` is awaited there; a later one must not count as an unhandled rejection.
    this.#opened.promise.catch(() => {});
    this.#worker.addEventListener('message', (event: MessageEvent<FromWorker>) => this.#handle(event.data));
    this.#worker.addEventListener('error', (event: ErrorEvent) => this.#fail(event.message));
    this.#worker.addEventListener('close', () => {
      this.#fail('its worker has ended');
      this.#exited.resolve();
    });
  }

  #handle(message: FromWorker): void {
    switch (message.kind) {
      case 'opened':
        this.#opened.resolve();
        return;
      case 'open-failed':
        this.#opened.reject(unavailableError(message.text));
        return;
      case 'backend':
        this.#sockets.get(message.connection)?.receive(message.bytes);
        return;
      case 'broken':
        this.#sockets.get(message.connection)?.destroy(unavailableError(message.text));
        return;
      case 'closed':
        this.#closed.resolve();
        return;
      default:
        assertNever(message, 'message of the database worker');
    }
  }

  #fail(reason: string): void {
    if (this.#failure) return;
    this.#failure = unavailableError(reason);
    this.#opened.reject(this.#failure);
    this.#closed.resolve();
    for (const socket of [...this.#sockets.values()]) socket.destroy(this.#failure);
  }

  #tell(message: ToWorker): void {
    if (!this.#failure) this.#worker.postMessage(message);
  }
}

function unavailableError(reason: string): AppError {
  return new AppError('database_unavailable', `The embedded database does not run: ${reason}`, 'server');
}
