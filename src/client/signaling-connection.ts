/** One signalling socket from its opening to its end: requests with answers, events in order, and a heartbeat. */
import { CloseCode } from '../protocol/codes.ts';
import type {
  RequestData,
  RequestResponse,
  RequestType,
  ServerEvent,
  ServerMessage,
  WireError,
} from '../protocol/index.ts';
import { describeSocketClose, type SocketClosed, SocketClosedError } from './close-reason.ts';
import { CallError } from './errors.ts';
import { Emitter, type Listenable } from './events.ts';
import { PendingRequests } from './pending-requests.ts';
import { parseServerMessage } from './server-message.ts';

export type OpenSocket = (url: string, protocols: string[]) => WebSocket;

export interface SignalingOptions {
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly token: string;
  readonly roomId: string;
  readonly openSocket?: OpenSocket;
  readonly connectTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly pingIntervalMs?: number;
}

export interface SignalingEvents {
  /** In the order in which the server sent them, none twice. */
  event: ServerEvent;
  /** The failure of a message that asked for no answer. */
  failed: WireError;
  /** Emitted exactly once. */
  closed: SocketClosed;
}

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const PING_INTERVAL_MS = 15_000;
/** An application may close with 1000 and 3000 to 4999 only; nothing listens to this one but ourselves. */
const GIVEN_UP = 4_000;

export class SignalingConnection {
  readonly #emitter = new Emitter<SignalingEvents>();
  readonly #socket: WebSocket;
  readonly #roomId: string;
  readonly #pending: PendingRequests;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  #lastSeq: number | undefined;
  #closed: SocketClosed | undefined;

  /** Rejects with `unreachable`: a browser does not tell why a socket could not be opened. */
  static async open(options: SignalingOptions): Promise<SignalingConnection> {
    const openSocket = options.openSocket ?? ((url, protocols) => new WebSocket(url, protocols));
    const socket = openSocket(options.url, ['bearer', options.token]);
    await whenOpen(socket, options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS);
    return new SignalingConnection(socket, options);
  }

  private constructor(socket: WebSocket, options: SignalingOptions) {
    this.#socket = socket;
    this.#roomId = options.roomId;
    this.#pending = new PendingRequests(options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS);
    this.#heartbeat = setInterval(() => this.#ping(), options.pingIntervalMs ?? PING_INTERVAL_MS);
    socket.onmessage = ({ data }) => this.#receive(parseServerMessage(data));
    socket.onclose = ({ code }) => this.#end(describeSocketClose(code));
  }

  get events(): Listenable<SignalingEvents> {
    return this.#emitter;
  }

  get closed(): SocketClosed | undefined {
    return this.#closed;
  }

  /** Rejects with the server's error, `timeout`, or a `SocketClosedError`. */
  async request<T extends RequestType>(
    type: T,
    data: RequestData<T>,
    targetUserId?: string,
  ): Promise<RequestResponse<T>> {
    if (this.#closed) throw new SocketClosedError(this.#closed);
    const { id, answer } = this.#pending.add(type);
    this.#socket.send(JSON.stringify({ id, type, roomId: this.#roomId, targetUserId, data }));
    const response = await answer;
    // The server answers a request of type T with the response of type T: trusted, see `parseServerMessage`.
    return response.data as RequestResponse<T>;
  }

  /** Twice is no error. `closed` is emitted before this returns: a dead network would keep it back. */
  close(code: number = CloseCode.normal): void {
    this.#end(describeSocketClose(code));
  }

  #receive(message: ServerMessage | undefined): void {
    if (!message || this.#closed) return;
    switch (message.type) {
      case 'response':
        this.#pending.settle(message);
        return;
      case 'error':
        this.#emitter.emit('failed', message.error);
        return;
      default:
        this.#receiveEvent(message);
    }
  }

  #receiveEvent(event: ServerEvent): void {
    const expected = this.#lastSeq === undefined ? event.seq : this.#lastSeq + 1;
    if (event.seq < expected) return;
    if (event.seq > expected) {
      // What we know of the call is wrong from here on; only joining again tells us how it is.
      this.#end({ code: GIVEN_UP, message: 'An event of the server was missed.' });
      return;
    }
    this.#lastSeq = event.seq;
    if (event.type === 'lobby-waiting') this.#pending.waiveLimit('join');
    this.#emitter.emit('event', event);
  }

  #ping(): void {
    this.request('ping', {}).catch((error: unknown) => {
      if (error instanceof CallError && error.code === 'timeout') {
        this.#end({ code: GIVEN_UP, message: 'The server does not answer any more.' });
      }
    });
  }

  #end(closed: SocketClosed): void {
    if (this.#closed) return;
    this.#closed = closed;
    clearInterval(this.#heartbeat);
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close(closed.code === CloseCode.normal ? CloseCode.normal : GIVEN_UP);
    this.#pending.failAll(new SocketClosedError(closed));
    this.#emitter.emit('closed', closed);
    this.#emitter.removeAll();
  }
}

function whenOpen(socket: WebSocket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      socket.onopen = null;
      socket.onclose = null;
      socket.onerror = null;
      finish();
    };
    const fail = () => {
      socket.close();
      reject(new CallError('unreachable', 'The server cannot be reached, or it refused the connection.'));
    };
    const timer = setTimeout(() => settle(fail), timeoutMs);
    socket.onopen = () => settle(resolve);
    socket.onclose = () => settle(fail);
    socket.onerror = () => settle(fail);
  });
}
