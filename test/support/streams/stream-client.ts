/** A client of a streaming session for tests: sends frames, keeps those that come, tells how its socket closed. */
import type { Frame } from '../../../src/streaming-sessions/index.ts';

export interface StreamClosed {
  readonly code: number;
  readonly reason: string;
}

export interface StreamClientOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps how many came and how long each took, and not the frames. */
  readonly onFrame?: (frame: Frame) => void;
}

export class StreamClient {
  readonly frames: Frame[] = [];
  readonly closed: Promise<StreamClosed>;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  /** Rejects when the upgrade is refused. `url` is that of the socket, with its query. */
  static async connect(url: string, options: StreamClientOptions = {}): Promise<StreamClient> {
    const headers = {
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    };
    // What DOM types do not know: a client that is no browser sets headers.
    const socket = new WebSocket(url, { headers } as unknown as string[]);
    socket.binaryType = 'nodebuffer' as BinaryType;
    const client = new StreamClient(socket, options.onFrame);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error('the socket was refused')));
    });
    return client;
  }

  private constructor(socket: WebSocket, onFrame: ((frame: Frame) => void) | undefined) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (onFrame) onFrame(data);
      else this.frames.push(data);
      for (const check of this.#waiting) check();
    });
    this.closed = new Promise((resolve) =>
      socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason })),
    );
  }

  send(frame: Frame): void {
    this.#socket.send(frame as string);
  }

  /** Resolves with all frames once there are so many; rejects when the socket closes before. */
  async received(count: number): Promise<readonly Frame[]> {
    if (this.frames.length < count) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const check = () => {
        if (this.frames.length >= count) resolve();
      };
      this.#waiting.add(check);
      void this.closed.then(({ code, reason }) =>
        reject(new Error(`closed with ${code} ${reason} after ${this.frames.length} of ${count} frames`)),
      );
      await promise.finally(() => this.#waiting.delete(check));
    }
    return this.frames;
  }

  /** Resolves when the server has said that it is closed, too. */
  async close(): Promise<StreamClosed> {
    this.#socket.close(1000);
    return await this.closed;
  }

  /** Ends without a word, as a network does. */
  async cut(): Promise<void> {
    (this.#socket as unknown as { terminate(): void }).terminate();
    await this.closed;
  }
}
