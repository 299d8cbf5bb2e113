/** Stands between a tap and its reader where packets have to be changed on the way; it has a port of its own on this machine. */
import { createSocket, type Socket } from 'node:dgram';

const LOOPBACK = '127.0.0.1';

export class Relay {
  readonly #socket: Socket;
  #isClosed = false;

  /** Passes each packet on to the port, as `change` gives it. */
  static async create(targetPort: number, change: (packet: Buffer) => Buffer): Promise<Relay> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, LOOPBACK, () => resolve());
    });
    socket.removeAllListeners('error');
    socket.on('error', () => {
      // The reader may be gone before its tap is closed.
    });
    socket.on('message', (packet) => socket.send(change(packet), targetPort, LOOPBACK));
    return new Relay(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }
}
