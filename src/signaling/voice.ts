/** What one client is told: answers, refusals, and events, which it counts. */
import type { CallEvent, RequestResponse, RequestType, ServerMessage, WireError } from '../protocol/index.ts';
import { toEventText, toText } from './message-text.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';

export type Answer = RequestResponse<RequestType>;

export class Voice {
  readonly #outbox: Outbox;
  #sequence = 0;

  constructor(options: OutboxOptions) {
    this.#outbox = new Outbox(options);
  }

  /** Says an event with the next sequence number; the words of people at once, all else within a moment. */
  announce(event: CallEvent, roomId: string | undefined): void {
    this.#sequence += 1;
    const isSaid = event.type === 'chat' || event.type === 'reaction';
    const userId = isSaid ? event.data.userId : event.userId;
    const text = toEventText(event, { roomId, seq: this.#sequence, userId });
    if (isSaid) this.#outbox.send(text);
    else this.#outbox.sendSoon(text);
  }

  /** To a message without an id nothing is answered. */
  answer(id: string | undefined, data: Answer): void {
    if (id !== undefined) this.#send({ type: 'response', id, ok: true, data });
  }

  refuse(id: string | undefined, error: WireError): void {
    this.#send(id === undefined ? { type: 'error', error } : { type: 'response', id, ok: false, error });
  }

  /** Sends what waits. */
  flush(): void {
    this.#outbox.flush();
  }

  /** The socket is gone, and with it what waited. */
  clear(): void {
    this.#outbox.clear();
  }

  #send(message: ServerMessage): void {
    this.#outbox.send(toText(message));
  }
}
