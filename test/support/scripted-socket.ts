/** A signalling server in a few lines, for tests of the SDK's connection logic: it answers as the test tells it. */
import type { OpenSocket } from '../../src/client/signaling-connection.ts';
import type { EventData, EventType, RequestType } from '../../src/protocol/index.ts';

export interface ReceivedMessage {
  readonly id: string;
  readonly type: RequestType;
  readonly roomId: string;
  readonly targetUserId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Gives the response's data, or undefined to leave the request without an answer. Throws a `Refusal` to refuse. */
export type Answer = (message: ReceivedMessage, socket: ScriptedSocket) => object | undefined;

export class Refusal extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`refused with ${code}`);
    this.code = code;
  }
}

/** The part of a WebSocket that the SDK uses. */
export class ScriptedSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly received: ReceivedMessage[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  /** With which the client closed it. */
  closedWith: number | undefined;
  readonly #server: ScriptedServer;
  #seq = 0;

  constructor(server: ScriptedServer, url: string, protocols: readonly string[]) {
    this.#server = server;
    this.url = url;
    this.protocols = protocols;
  }

  /** What the client sends. */
  send(text: string): void {
    const message: ReceivedMessage = JSON.parse(text);
    this.received.push(message);
    queueMicrotask(() => this.#reply(message));
  }

  /** The client closes it. */
  close(code = 1000): void {
    this.closedWith ??= code;
  }

  /** The server closes it, or the network does (1006). */
  end(code: number): void {
    this.onclose?.({ code });
  }

  event<T extends EventType>(type: T, data: EventData<T>, seq = this.#seq + 1): void {
    this.#seq = seq;
    this.push({ type, roomId: 'room', seq, data });
  }

  push(message: unknown): void {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  /** Late, to a request that was left without an answer. */
  answer({ id }: ReceivedMessage, data: object): void {
    this.push({ type: 'response', id, ok: true, data });
  }

  typesReceived(): RequestType[] {
    return this.received.map(({ type }) => type);
  }

  #reply(message: ReceivedMessage): void {
    const { id, type } = message;
    try {
      const data = this.#server.answers[type]?.(message, this);
      if (data) this.answer(message, data);
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'internal';
      this.push({ type: 'response', id, ok: false, error: { code, message: String(error) } });
    }
  }
}

export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  readonly answers: { [Type in RequestType]?: Answer };
  /** Whether it lets sockets open, refuses them as a browser sees it, or does not react at all. */
  welcome: 'open' | 'refuse' | 'none' = 'open';

  constructor(answers: { [Type in RequestType]?: Answer } = {}) {
    this.answers = answers;
  }

  get latest(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('Nobody has connected.');
    return socket;
  }

  readonly open: OpenSocket = (url, protocols) => {
    const socket = new ScriptedSocket(this, url, protocols);
    this.sockets.push(socket);
    queueMicrotask(() => {
      if (this.welcome === 'open') socket.onopen?.();
      if (this.welcome === 'refuse') socket.onclose?.({ code: 1006 });
    });
    // Everything that the SDK touches is there; the rest of a WebSocket is not.
    return socket as unknown as WebSocket;
  };
}
