/**
 * One stretch of one track without a gap, from its first packet to whatever ended it: a tap, the ffmpeg that copies it into a
 * Matroska file, and the watch over both.
 */
import { stat } from 'node:fs/promises';
import { Ffmpeg } from '../../ffmpeg/index.ts';
import { AppError, Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import type { FirstPacket, PortPairs, Publication, Tap, TapEndpoint } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import { waitUntilBound } from './bound-ports.ts';
import { readerSdp } from './reader-sdp.ts';
import { Reports, type SenderReport } from './reports.ts';

/** Stopped by us; the track or its worker went; ffmpeg went; ffmpeg stood still while the track flowed. */
export type SegmentEnd = 'stopped' | 'track-ended' | 'reader-died' | 'stalled';

interface SegmentEvents extends Record<string, unknown> {
  /** The first packet is on its way into the file. At most once. */
  began: FirstPacket;
  reported: SenderReport;
  /** Nothing more is written. Emitted exactly once. */
  ended: SegmentEnd;
}

export interface SegmentOptions {
  readonly publication: Publication;
  /** Whoever takes it out of the call. */
  readonly endpoint: TapEndpoint;
  /** Absolute; nothing may be there yet. */
  readonly path: string;
  readonly ports: PortPairs;
  readonly logger: Logger;
  /** Awaited before anything flows into the file: what is not written down here first could not be placed later. */
  readonly onOpened?: (codec: SegmentCodec) => Promise<void>;
}

export interface SegmentCodec {
  readonly mimeType: string;
  readonly clockRate: number;
}

const BIND_TIMEOUT_MS = 5_000;
/** How often the file is looked at; while it does not grow, a keyframe is asked for as often. */
const WATCH_INTERVAL_MS = 500;
/** A file that has not grown for this long, although the track flows, has a reader that will not recover. */
const STALL_MS = 5_000;
/** A reader ends its file within 150 ms of a goodbye. */
const GOODBYE_TIMEOUT_MS = 1_000;

/**
 * Nothing is analysed, for nothing is written meanwhile; what comes is written at once, in clusters of a quarter of a second,
 * so that a kill costs no more than that. A muted track sends nothing for as long as it likes.
 */
const READER_ARGS = [
  ...['-loglevel', 'warning', '-protocol_whitelist', 'pipe,udp,rtp'],
  ...['-analyzeduration', '0', '-fpsprobesize', '0', '-listen_timeout', '0', '-f', 'sdp', '-i', 'pipe:0'],
  ...['-c', 'copy', '-flush_packets', '1', '-cluster_time_limit', '250', '-f', 'matroska'],
];

export class Segment {
  readonly path: string;
  readonly #emitter = new Emitter<SegmentEvents>();
  readonly #tap: Tap;
  readonly #reader: Ffmpeg;
  readonly #reports: Reports;
  readonly #ports: PortPairs;
  readonly #port: number;
  readonly #logger: Logger;
  #watch: Timer | undefined;
  #size = 0;
  #grownAtMs = performance.now();
  #hasBegun = false;
  #isEnded = false;
  #ending: Promise<void> | undefined;

  /** Records from the next keyframe on. Rejects with `unavailable` when the reader cannot be had, or as `Tap.create` does. */
  static async create(options: SegmentOptions): Promise<Segment> {
    const { publication, endpoint, path, ports, logger } = options;
    const undo = new UndoStack();
    try {
      const port = undo.add(await ports.take(), (taken) => ports.release(taken));
      const reports = undo.add(await Reports.open(), (made) => made.close());
      const target = { rtpPort: port, rtcpPort: reports.port };
      const tap = undo.add(await endpoint.tap(publication, target), (made) => made.close());
      const input = readerSdp(tap.rtpParameters, port);
      const reader = undo.add(await Ffmpeg.start({ args: [...READER_ARGS, path], input }), (made) =>
        made.kill('SIGKILL'),
      );
      let isGone = false;
      const exited = reader.exited.then((exit) => {
        isGone = true;
        return exit;
      });
      const isBound = await waitUntilBound([port, port + 1], {
        timeoutMs: BIND_TIMEOUT_MS,
        isOver: () => isGone,
      });
      if (!isBound) {
        const complaints = isGone ? (await exited).complaints : 'it does not listen';
        throw new AppError('unavailable', `ffmpeg does not take the track: ${complaints}`, 'server');
      }
      const segment = new Segment({ path, tap, reader, reports, ports, port, logger });
      await options.onOpened?.(segment.#codec);
      await segment.#start();
      return segment;
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(parts: {
    path: string;
    tap: Tap;
    reader: Ffmpeg;
    reports: Reports;
    ports: PortPairs;
    port: number;
    logger: Logger;
  }) {
    this.path = parts.path;
    this.#tap = parts.tap;
    this.#reader = parts.reader;
    this.#reports = parts.reports;
    this.#ports = parts.ports;
    this.#port = parts.port;
    this.#logger = parts.logger.child({ segment: parts.path, readerPid: parts.reader.pid });
  }

  get events(): Listenable<SegmentEvents> {
    return this.#emitter;
  }

  get readerPid(): number {
    return this.#reader.pid;
  }

  /** Ends the file in good order. Resolves when the reader is gone and its ports are free. Twice is no error. */
  stop(): Promise<void> {
    return this.#end('stopped');
  }

  get #codec(): SegmentCodec {
    const [codec] = this.#tap.rtpParameters.codecs;
    if (!codec) throw new TypeError('a track without a codec');
    return { mimeType: codec.mimeType, clockRate: codec.clockRate };
  }

  async #start(): Promise<void> {
    const end = (reason: SegmentEnd) => runInBackground(this.#end(reason), 'ending a segment', this.#logger);
    this.#tap.events.on('ended', () => end('track-ended'));
    this.#reports.events.on('reported', (report) => this.#emitter.emit('reported', report));
    this.#reader.exited.then(({ complaints }) => {
      if (this.#ending) return;
      this.#logger.warn({ complaints }, 'the reader of a track is gone');
      end('reader-died');
    });
    this.#tap.firstPacket.then((packet) => {
      this.#hasBegun = true;
      this.#emitter.emit('began', packet);
    });
    this.#watch = setInterval(
      () => runInBackground(this.#look(), 'watching a segment', this.#logger),
      WATCH_INTERVAL_MS,
    );
    await this.#tap.start();
  }

  /** ffmpeg asks for no keyframe by itself, and without one a single lost packet freezes its picture. */
  async #look(): Promise<void> {
    const { size } = await stat(this.path).catch(() => ({ size: 0 }));
    const now = performance.now();
    if (size > this.#size || this.#tap.isPaused || !this.#hasBegun) {
      this.#size = size;
      this.#grownAtMs = now;
      return;
    }
    if (this.#isEnded || this.#ending) return;
    if (now - this.#grownAtMs >= STALL_MS) return this.#end('stalled');
    if (this.#tap.isVideo) await this.#tap.requestKeyFrame();
  }

  #end(reason: SegmentEnd): Promise<void> {
    this.#ending ??= this.#endNow(reason);
    return this.#ending;
  }

  async #endNow(reason: SegmentEnd): Promise<void> {
    clearInterval(this.#watch);
    const ssrc = this.#tap.rtpParameters.encodings?.[0]?.ssrc ?? 0;
    this.#tap.close();
    await this.#dismissReader(ssrc);
    this.#reports.close();
    this.#ports.release(this.#port);
    this.#isEnded = true;
    this.#emitter.emit('ended', reason);
    this.#emitter.removeAll();
  }

  async #dismissReader(ssrc: number): Promise<void> {
    this.#reports.sayGoodbye(ssrc, this.#port + 1);
    const timer = setTimeout(() => this.#reader.kill('SIGKILL'), GOODBYE_TIMEOUT_MS);
    await this.#reader.exited;
    clearTimeout(timer);
  }
}
