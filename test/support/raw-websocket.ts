/** A WebSocket client that may do everything wrong: frames as they come, nothing checked, nothing answered by itself. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  readonly isFinal?: boolean;
  /** A client must mask what it sends (RFC 6455, section 5.3). */
  readonly isMasked?: boolean;
}

/** Code 1006 when the connection ended without a close frame. */
export interface RawClosed {
  readonly code: number;
  readonly reason: string;
}

export class RawWebSocket {
  /** The server said that it closes, or the connection is gone; whichever is first. */
  readonly closed: Promise<RawClosed>;
  /** The connection itself is gone. */
  readonly gone: Promise<void>;
  readonly #socket: Socket;
  readonly #onText: (text: string) => void;
  #rest: Buffer = Buffer.alloc(0);
  #settleClosed: (closed: RawClosed) => void = () => {};
  #isClosed = false;

  /** Rejects when the upgrade is refused. */
  static async connect(
    url: string,
    token: string,
    onText: (text: string) => void,
    path = '/video-calls/ws',
  ): Promise<RawWebSocket> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.write(
      [
        `GET ${path} HTTP/1.1`,
        `Host: ${hostname}:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        `Authorization: Bearer ${token}`,
        '\r\n',
      ].join('\r\n'),
    );
    const rest = await new Promise<Buffer>((resolve, reject) => {
      let received = Buffer.alloc(0);
      const take = (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        const end = received.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', take);
        const status = received.subarray(0, received.indexOf('\r\n')).toString();
        if (status.includes(' 101 ')) resolve(received.subarray(end + 4));
        else reject(new Error(`the upgrade was answered "${status}"`));
      };
      socket.on('data', take);
      socket.once('close', () => reject(new Error('the connection closed before the upgrade')));
    });
    return new RawWebSocket(socket, rest, onText);
  }

  private constructor(socket: Socket, rest: Buffer, onText: (text: string) => void) {
    this.#socket = socket;
    this.#onText = onText;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('close', () => this.#end({ code: 1006, reason: '' }));
    this.#take(rest);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  sendText(text: string | Uint8Array): void {
    this.sendFrame(Opcode.text, text);
  }

  sendFrame(
    opcode: number,
    content: string | Uint8Array,
    { isFinal = true, isMasked = true }: FrameOptions = {},
  ): void {
    const payload = Buffer.from(content as Uint8Array);
    const header = [(isFinal ? 0x80 : 0) | opcode, ...lengthBytes(payload.length, isMasked)];
    if (!isMasked) {
      this.sendBytes(Buffer.concat([Buffer.from(header), payload]));
      return;
    }
    const mask = randomBytes(4);
    for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index % 4] ?? 0);
    this.sendBytes(Buffer.concat([Buffer.from(header), mask, payload]));
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Reads nothing any more; what the server sends stays in the buffers between. */
  stopReading(): void {
    this.#socket.pause();
  }

  resumeReading(): void {
    this.#socket.resume();
  }

  /** Ends with a close frame, and waits until the connection is gone. */
  async close(): Promise<void> {
    if (!this.#isClosed) this.sendFrame(Opcode.close, Buffer.from([0x03, 0xe8]));
    const impatience = setTimeout(() => this.#socket.destroy(), 1_000);
    await this.gone;
    clearTimeout(impatience);
  }

  /** Ends without a word. */
  async cut(): Promise<void> {
    this.#socket.destroy();
    await this.gone;
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const frame = readFrame(this.#rest);
      if (!frame) return;
      this.#rest = this.#rest.subarray(frame.length);
      if (frame.opcode === Opcode.text) this.#onText(frame.payload.toString());
      if (frame.opcode === Opcode.close) {
        const code = frame.payload.length >= 2 ? frame.payload.readUInt16BE(0) : 1005;
        this.#end({ code, reason: frame.payload.subarray(2).toString() });
        this.#socket.end();
      }
    }
  }

  #end(closed: RawClosed): void {
    this.#isClosed = true;
    this.#settleClosed(closed);
  }
}

function lengthBytes(length: number, isMasked: boolean): number[] {
  const bit = isMasked ? 0x80 : 0;
  if (length < 126) return [bit | length];
  if (length < 65_536) return [bit | 126, length >> 8, length & 0xff];
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return [bit | 127, ...bytes];
}

/** The server never splits or masks a frame. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const opcode = (bytes[0] ?? 0) & 0x0f;
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + size) return undefined;
  return { opcode, payload: bytes.subarray(start, start + size), length: start + size };
}
