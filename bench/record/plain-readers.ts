/** The baseline: one ffmpeg for each target, as anybody would start it, straight from the sender into a Matroska file. */
import { join } from 'node:path';
import type { Subprocess } from 'bun';
import type { Target } from './sender.ts';

const BIND_MS = 1_000;
const FORMATS = { video: '96 VP8/90000', audio: '111 opus/48000/2' };

export class PlainReaders {
  readonly #readers: readonly Subprocess[];

  /** Resolves when all listen. */
  static async start(targets: readonly Target[], folder: string): Promise<PlainReaders> {
    const readers = targets.map(({ kind, port, payloadType }) => {
      const sdp = [
        'v=0',
        'o=- 0 0 IN IP4 127.0.0.1',
        's=-',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        `m=${kind} ${port} RTP/AVP ${payloadType}`,
        `a=rtpmap:${FORMATS[kind]}`,
        '',
      ].join('\r\n');
      return Bun.spawn(
        [
          ...['ffmpeg', '-v', 'error', '-y', '-protocol_whitelist', 'pipe,udp,rtp'],
          ...['-f', 'sdp', '-i', 'pipe:0', '-c', 'copy', join(folder, `plain-${port}.mkv`)],
        ],
        { stdin: new Blob([sdp]), stdout: 'ignore', stderr: 'ignore' },
      );
    });
    await Bun.sleep(BIND_MS);
    return new PlainReaders(readers);
  }

  private constructor(readers: readonly Subprocess[]) {
    this.#readers = readers;
  }

  get pids(): number[] {
    return this.#readers.map(({ pid }) => pid);
  }

  /** Resolves when all are gone. Twice is no error. */
  async close(): Promise<void> {
    for (const reader of this.#readers) reader.kill('SIGKILL');
    await Promise.all(this.#readers.map(({ exited }) => exited));
  }
}
