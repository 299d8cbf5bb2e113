/** A participant on a raw socket that talks and listens, and notes every gap in what it is told. */

import { type RawClosed, RawWebSocket } from './raw-websocket.ts';
import type { TestServer } from './server.ts';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly ok?: boolean;
  readonly seq?: number;
  readonly data?: { readonly text?: string; readonly userId?: string; readonly reason?: string };
}

export class Chatter {
  /** Texts of the chat, in the order in which they came. */
  readonly heard: string[] = [];
  /** Why others left, by user id. */
  readonly left = new Map<string, string>();
  readonly gaps: string[] = [];
  readonly #roomId: string;
  readonly #answers = new Map<string, () => void>();
  #socket: RawWebSocket | undefined;
  #sequence = 0;
  #nextId = 1;

  /** Connects and joins. */
  static async join(server: TestServer, userId: string, roomId: string): Promise<Chatter> {
    const chatter = new Chatter(roomId);
    chatter.#socket = await RawWebSocket.connect(server.url, await server.token(userId), (text) =>
      chatter.#take(JSON.parse(text)),
    );
    await chatter.ask('join', { protocol: 'mediasoup' });
    return chatter;
  }

  private constructor(roomId: string) {
    this.#roomId = roomId;
  }

  get closed(): Promise<RawClosed> {
    return this.#open.closed;
  }

  get gone(): Promise<void> {
    return this.#open.gone;
  }

  /** Sends without waiting for anything. */
  send(type: string, data: object = {}): void {
    this.#open.sendText(JSON.stringify({ type, roomId: this.#roomId, data }));
  }

  /** Milliseconds until the answer. Never resolves when the socket closes before it. */
  async ask(type: string, data: object = {}): Promise<number> {
    const id = String(this.#nextId++);
    const startedAt = performance.now();
    const answered = new Promise<void>((resolve) => this.#answers.set(id, resolve));
    this.#open.sendText(JSON.stringify({ id, type, roomId: this.#roomId, data }));
    await answered;
    return performance.now() - startedAt;
  }

  stopReading(): void {
    this.#open.stopReading();
  }

  async close(): Promise<void> {
    await this.#open.close();
  }

  async cut(): Promise<void> {
    await this.#open.cut();
  }

  get #open(): RawWebSocket {
    if (!this.#socket) throw new Error('it is not connected yet');
    return this.#socket;
  }

  #take({ type, id, seq, data }: Message): void {
    if (type === 'response') this.#answers.get(id ?? '')?.();
    if (seq === undefined) return;
    this.#sequence += 1;
    if (seq !== this.#sequence) this.gaps.push(`${type} has ${seq} in the place of ${this.#sequence}`);
    if (type === 'chat') this.heard.push(data?.text ?? '');
    if (type === 'participant-left') this.left.set(data?.userId ?? '', data?.reason ?? '');
  }
}
