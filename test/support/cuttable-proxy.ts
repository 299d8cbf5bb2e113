/** A TCP proxy before a server: a test cuts what goes through it, as a network would, and mends it again. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

export class CuttableProxy {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  #isCut = false;

  static async before(target: string): Promise<CuttableProxy> {
    const { hostname, port } = new URL(target);
    const sockets = new Set<Socket>();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, hostname, resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
    const proxy = new CuttableProxy(`http://${hostname}:${address.port}`, server, sockets);
    server.on('connection', (near) => proxy.#forward(near, () => dial(Number(port), hostname)));
    return proxy;
  }

  private constructor(url: string, server: Server, sockets: Set<Socket>) {
    this.url = url;
    this.#server = server;
    this.#sockets = sockets;
  }

  /** Every connection ends without a word, and no other comes through until it is mended. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #forward(near: Socket, dialTarget: () => Socket): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = dialTarget();
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
