/** A participant of the bare script. */
import type { BareAnswer, BareMethods, BareRequest } from '../../bare/protocol.ts';
import type { Sfu } from './sfu.ts';

export async function joinBare(url: string, roomId: string): Promise<Sfu> {
  const line = await BareLine.open(url);
  return {
    rtpCapabilities: await line.ask('enter', { roomId }),
    createTransport: (direction, rtpCapabilities) =>
      line.ask('createTransport', { direction, rtpCapabilities }),
    connect: (transportId, dtlsParameters) => line.ask('connect', { transportId, dtlsParameters }),
    produce: (transportId, kind, rtpParameters) => line.ask('produce', { transportId, kind, rtpParameters }),
    consume: (trackId) => line.ask('consume', { trackId }),
    resume: (consumerId) => line.ask('resume', { consumerId }),
    close: () => line.close(),
  };
}

class BareLine {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #closed: Promise<void>;
  #nextId = 1;

  static async open(url: string): Promise<BareLine> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`no bare script answers at ${url}`)));
    });
    return new BareLine(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
    this.#closed = new Promise((resolve) => socket.addEventListener('close', () => resolve()));
    this.#closed.then(() => {
      for (const answer of this.#answers.values()) answer.reject(new Error('the bare script is gone'));
    });
  }

  ask<K extends keyof BareMethods>(
    method: K,
    argument: Parameters<BareMethods[K]>[0],
  ): ReturnType<BareMethods[K]> {
    const id = this.#nextId++;
    const answer = Promise.withResolvers<unknown>();
    this.#answers.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, argument } satisfies BareRequest));
    return answer.promise as ReturnType<BareMethods[K]>;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.#closed;
  }

  #take(message: BareAnswer): void {
    const answer = this.#answers.get(message.id);
    this.#answers.delete(message.id);
    if ('error' in message) answer?.reject(new Error(message.error));
    else answer?.resolve(message.result);
  }
}
