/** Counts, while a call lives, what each one in it says and writes. */
import type { Call } from '../../engine/index.ts';
import { TalkTime } from './talk-time.ts';

export interface Counted {
  readonly talkTimeMs: number;
  readonly chatMessages: number;
}

export class CallMeter {
  readonly #talk = new TalkTime();
  readonly #chats = new Map<string, number>();

  /** Listens for as long as the call lives. */
  constructor(call: Call) {
    call.room.events.on('voicesHeard', ({ userIds, forMs }) => this.#talk.heard(userIds, forMs));
    call.events.on('chatSent', ({ userId }) => this.#chats.set(userId, (this.#chats.get(userId) ?? 0) + 1));
  }

  /** What the user has come to in this stay. */
  read(userId: string): Counted {
    return {
      talkTimeMs: this.#talk.read(userId),
      chatMessages: this.#chats.get(userId) ?? 0,
    };
  }

  /** The same at the end of the stay; a later one starts from nothing. */
  take(userId: string): Counted {
    const counted = this.read(userId);
    this.#talk.forget(userId);
    this.#chats.delete(userId);
    return counted;
  }
}
