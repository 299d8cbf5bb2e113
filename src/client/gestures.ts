/** What people show without a word: hands, and passing signs. */
import type { CallClientEvents } from './call-events.ts';
import type { Emitter } from './events.ts';
import type { SignalingConnection } from './signaling-connection.ts';

export interface GesturesOptions {
  /** Throws while there is none. */
  readonly connection: () => SignalingConnection;
  readonly emitter: Emitter<CallClientEvents>;
  readonly ownUserId: () => string;
}

export class Gestures {
  readonly #options: GesturesOptions;

  constructor(options: GesturesOptions) {
    this.#options = options;
  }

  async raiseHand(): Promise<void> {
    await this.#options.connection().request('raise-hand', {});
  }

  async lowerHand(): Promise<void> {
    await this.#options.connection().request('lower-hand', {});
  }

  /** A passing sign to everyone, such as an emoji of 32 characters at most. Emits `reaction` for our own when the server has taken it. */
  async react(reaction: string): Promise<void> {
    await this.#options.connection().request('reaction', { reaction });
    this.#options.emitter.emit('reaction', {
      userId: this.#options.ownUserId(),
      reaction,
      isPrivate: false,
    });
  }
}
