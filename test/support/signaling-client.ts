/** A client of the signalling socket for tests: requests by id, events in a list that can be awaited. */
import type {
  EventData,
  EventType,
  RequestData,
  RequestResponse,
  RequestType,
} from '../../src/protocol/index.ts';

interface Received {
  readonly type: string;
  readonly seq?: number;
  readonly data?: unknown;
}

class RequestFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

type Waiter = { matches: (event: Received) => boolean; resolve: (event: Received) => void };

export class SignalingClient {
  readonly events: Received[] = [];
  readonly closed: Promise<Closed>;
  readonly #socket: WebSocket;
  readonly #roomId: string;
  readonly #answers = new Map<string, PromiseWithResolvers<unknown>>();
  readonly #waiters = new Set<Waiter>();
  #nextId = 1;
  #isClosed = false;

  /** Connects; rejects when the upgrade is refused. */
  static async connect(url: string, token: string, roomId: string): Promise<SignalingClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/video-calls/ws`, ['bearer', token]);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error('the socket was refused')));
    });
    return new SignalingClient(socket, roomId);
  }

  private constructor(socket: WebSocket, roomId: string) {
    this.#socket = socket;
    this.#roomId = roomId;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
    this.closed = new Promise((resolve) =>
      socket.addEventListener('close', ({ code, reason }) => {
        this.#isClosed = true;
        for (const answer of this.#answers.values()) answer.reject(new RequestFailed('closed', reason));
        resolve({ code, reason });
      }),
    );
  }

  /** Sends a request and resolves with its data; rejects with `RequestFailed`. */
  request<T extends RequestType>(
    type: T,
    data: RequestData<T>,
    envelope: Record<string, unknown> = {},
  ): Promise<RequestResponse<T>> {
    if (this.#isClosed) return Promise.reject(new RequestFailed('closed', 'the socket is closed'));
    const id = String(this.#nextId++);
    const answer = Promise.withResolvers<unknown>();
    this.#answers.set(id, answer);
    this.send({ id, type, roomId: this.#roomId, data, ...envelope });
    return answer.promise as Promise<RequestResponse<T>>;
  }

  /** Sends anything: an object as JSON, text and bytes as they are. */
  send(message: object | string | Uint8Array<ArrayBuffer>): void {
    const isRaw = typeof message === 'string' || message instanceof Uint8Array;
    this.#socket.send(isRaw ? message : JSON.stringify(message));
  }

  /** The next event of this type that was not taken yet, come or still to come. */
  async event<T extends EventType>(
    type: T,
    isWanted: (data: EventData<T>) => boolean = () => true,
  ): Promise<EventData<T>> {
    const matches = (event: Received) => event.type === type && isWanted(event.data as EventData<T>);
    const index = this.events.findIndex(matches);
    if (index >= 0) return this.events.splice(index, 1)[0]?.data as EventData<T>;
    const event = await new Promise<Received>((resolve) => this.#waiters.add({ matches, resolve }));
    return event.data as EventData<T>;
  }

  /** Ends the connection without a word, as a network does. */
  async cut(): Promise<Closed> {
    // Bun's own, which its DOM types do not know.
    if ('terminate' in this.#socket && typeof this.#socket.terminate === 'function') this.#socket.terminate();
    return await this.closed;
  }

  async close(): Promise<Closed> {
    this.#socket.close();
    return await this.closed;
  }

  #take(message: Received & { id?: string; ok?: boolean; error?: { code: string; message: string } }): void {
    if (message.type === 'response' && message.id !== undefined) {
      const answer = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      if (message.ok) answer?.resolve(message.data);
      else answer?.reject(new RequestFailed(message.error?.code ?? '', message.error?.message ?? ''));
      return;
    }
    for (const waiter of this.#waiters) {
      if (!waiter.matches(message)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(message);
      return;
    }
    this.events.push(message);
  }
}
