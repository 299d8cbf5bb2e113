/** The relay within one process: a frame goes from hand to hand, neither parsed nor copied. */
import type { Frame, OperatorEnd, Receiver, Relay, SourceEnd, SourceOptions } from './relay.ts';

interface Channel {
  readonly receivers: Set<Receiver>;
  source: SourceOptions | undefined;
  header: Frame | undefined;
}

export class LocalRelay implements Relay {
  /** Kept for as long as a session has an end or a header. */
  readonly #channels = new Map<string, Channel>();

  /** The sessions of which something is kept: what a test asks to prove that nothing is left. */
  get size(): number {
    return this.#channels.size;
  }

  openSource(sessionId: string, options: SourceOptions): SourceEnd {
    const channel = this.#channel(sessionId);
    const before = channel.source;
    channel.source = options;
    channel.header = undefined;
    before?.replaced();
    let isAwaitingHeader = options.hasHeader;
    return {
      send: (frame) => {
        if (channel.source !== options) return;
        if (isAwaitingHeader) {
          channel.header = frame;
          isAwaitingHeader = false;
        }
        for (const receive of channel.receivers) receive(frame);
      },
      close: () => {
        if (channel.source !== options) return;
        channel.source = undefined;
        this.#tidy(sessionId, channel);
      },
    };
  }

  openOperator(sessionId: string, receive: Receiver): OperatorEnd {
    const channel = this.#channel(sessionId);
    // A function of its own, so that one receiver may be opened twice.
    const receiver: Receiver = (frame) => receive(frame);
    if (channel.header !== undefined) receiver(channel.header);
    channel.receivers.add(receiver);
    return {
      say: (frame) => {
        if (channel.receivers.has(receiver)) channel.source?.hear(frame);
      },
      close: () => {
        channel.receivers.delete(receiver);
        this.#tidy(sessionId, channel);
      },
    };
  }

  endSession(sessionId: string): void {
    const channel = this.#channels.get(sessionId);
    this.#channels.delete(sessionId);
    if (!channel) return;
    channel.receivers.clear();
    channel.source = undefined;
    channel.header = undefined;
  }

  #channel(sessionId: string): Channel {
    const known = this.#channels.get(sessionId);
    if (known) return known;
    const channel: Channel = { receivers: new Set(), source: undefined, header: undefined };
    this.#channels.set(sessionId, channel);
    return channel;
  }

  #tidy(sessionId: string, channel: Channel): void {
    if (channel.source || channel.header !== undefined || channel.receivers.size > 0) return;
    if (this.#channels.get(sessionId) === channel) this.#channels.delete(sessionId);
  }
}
