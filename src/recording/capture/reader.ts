/** The ffmpeg that copies one track from a pair of ports into a Matroska file: how it is started, what it says, how it is ended. */
import { Ffmpeg, type FfmpegExit } from '../../ffmpeg/index.ts';
import { AppError, Emitter, type Listenable } from '../../lib/index.ts';
import { waitUntilBound } from './bound-ports.ts';

export interface ReaderOptions {
  /** The even port of a pair that is free. */
  readonly port: number;
  /** What comes there. */
  readonly sdp: string;
  /** Absolute; nothing may be there yet. */
  readonly path: string;
}

interface ReaderEvents extends Record<string, unknown> {
  /** So many packets of the track never came. */
  missed: number;
}

const BIND_TIMEOUT_MS = 5_000;
/** A reader ends its file within 150 ms of a goodbye. */
const GOODBYE_TIMEOUT_MS = 1_000;

/**
 * Nothing is analysed, for nothing is written meanwhile; what comes is written at once, in clusters of a tenth of a second, so
 * that a kill costs no more than that. A packet that is missing is waited for as long as asking the sender for it again takes. A
 * muted track sends nothing for as long as it likes. A keyframe comes as one burst, for which the usual buffer is too small.
 * Times count from the first packet, whatever its codec (`-copyts`; H264 would be a frame off), and VP9, in which nothing is
 * marked as a keyframe at first, is written all the same (`-copyinkf`).
 */
const ARGS = [
  ...['-loglevel', 'repeat+warning', '-protocol_whitelist', 'pipe,udp,rtp'],
  ...['-copyts', '-analyzeduration', '0', '-fpsprobesize', '0', '-listen_timeout', '0'],
  ...['-max_delay', '400000', '-reorder_queue_size', '4096', '-buffer_size', '4194304'],
  ...['-f', 'sdp', '-i', 'pipe:0'],
  ...['-c', 'copy', '-copyinkf', '-flush_packets', '1', '-cluster_time_limit', '100', '-f', 'matroska'],
];

export class Reader {
  readonly #ffmpeg: Ffmpeg;
  readonly #emitter = new Emitter<ReaderEvents>();
  #exit: FfmpegExit | undefined;

  /** Resolves when it listens. Rejects with `unavailable` when it does not come to that; it is gone then. */
  static async create({ port, sdp, path }: ReaderOptions): Promise<Reader> {
    const reader = new Reader(await Ffmpeg.start({ args: [...ARGS, path], input: sdp }));
    const isBound = await waitUntilBound([port, port + 1], {
      timeoutMs: BIND_TIMEOUT_MS,
      isOver: () => reader.#exit !== undefined,
    });
    if (isBound) return reader;
    const complaints = reader.#exit?.complaints ?? 'it does not listen';
    await reader.kill();
    throw new AppError('unavailable', `ffmpeg does not take the track: ${complaints}`, 'server');
  }

  private constructor(ffmpeg: Ffmpeg) {
    this.#ffmpeg = ffmpeg;
    ffmpeg.events.on('complained', (line) => {
      const missed = missedPackets(line);
      if (missed > 0) this.#emitter.emit('missed', missed);
    });
    ffmpeg.exited.then((exit) => {
      this.#exit = exit;
    });
  }

  get events(): Listenable<ReaderEvents> {
    return this.#emitter;
  }

  get pid(): number {
    return this.#ffmpeg.pid;
  }

  /** Resolves when the process is gone. Never rejects. */
  get exited(): Promise<FfmpegExit> {
    return this.#ffmpeg.exited;
  }

  /** To be called once it was told goodbye: it ends its file, or is made to end. Resolves when it is gone. */
  async leave(): Promise<void> {
    const timer = setTimeout(() => this.#ffmpeg.kill('SIGKILL'), GOODBYE_TIMEOUT_MS);
    await this.#ffmpeg.exited;
    clearTimeout(timer);
  }

  /** Resolves when it is gone. Twice is no error. */
  async kill(): Promise<void> {
    this.#ffmpeg.kill('SIGKILL');
    await this.#ffmpeg.exited;
  }
}

/** Whether it ended since there was no space to write to. */
export function isOutOfSpace({ complaints }: FfmpegExit): boolean {
  return /No space left on device|Disk quota exceeded/.test(complaints);
}

/** It tells of each gap in the sequence numbers, and of each picture that it gave up for one. */
export function missedPackets(line: string): number {
  const [, packets] = line.match(/RTP: missed (\d+) packets/) ?? [];
  // It counts in 16 bits, and what is behind as nearly all of them.
  if (packets !== undefined) return Number(packets) < 2 ** 15 ? Number(packets) : 1;
  return /sequence broken|Keyframe missing/.test(line) ? 1 : 0;
}
