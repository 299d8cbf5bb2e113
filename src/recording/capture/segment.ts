/**
 * One stretch of one track without a gap, from its first packet to whatever ended it: a tap, the reader that copies it into a
 * Matroska file, and the watch over both.
 */
import { rm, stat } from 'node:fs/promises';
import { AppError, Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import type { FirstPacket, PortPair, Publication, Tap } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { CaptureTools } from './capture-tools.ts';
import { FlowWatch } from './flow-watch.ts';
import { isOutOfSpace, Reader } from './reader.ts';
import { readerSdp } from './reader-sdp.ts';
import { Relay } from './relay.ts';
import { Reports, type SenderReport } from './reports.ts';
import { SenderClock } from './sender-clock.ts';
import { simplifyVp9 } from './vp9-descriptor.ts';

/**
 * Stopped by us; the track or its worker went; ffmpeg went; it stood still while the track flowed; the clock of the sender jumped;
 * there was no space for more.
 */
export type SegmentEnd = 'stopped' | 'track-ended' | 'reader-died' | 'stalled' | 'clock-jumped' | 'disk-full';

interface SegmentEvents extends Record<string, unknown> {
  /** The first packet is on its way into the file. At most once. */
  began: FirstPacket;
  /** With the wall time of the worker, as it was told. */
  reported: SenderReport;
  /** So many packets are missing in the file. */
  missed: number;
  /** Nothing more is written. Emitted exactly once. */
  ended: SegmentEnd;
}

export interface SegmentOptions {
  readonly publication: Publication;
  readonly tools: Pick<CaptureTools, 'endpoint' | 'ports' | 'starts'>;
  /** Absolute; nothing may be there yet. */
  readonly path: string;
  readonly logger: Logger;
  /** Gives up beginning, as soon as that can be done. */
  readonly signal?: AbortSignal;
}

export interface SegmentCodec {
  readonly mimeType: string;
  readonly clockRate: number;
}

interface Parts {
  readonly path: string;
  readonly pair: PortPair;
  readonly tap: Tap;
  readonly relay: Relay | undefined;
  readonly reader: Reader;
  readonly reports: Reports;
  readonly logger: Logger;
}

export class Segment {
  readonly #parts: Parts;
  readonly #emitter = new Emitter<SegmentEvents>();
  readonly #clock: SenderClock;
  #watch: FlowWatch | undefined;
  #ending: Promise<void> | undefined;

  /**
   * Makes everything ready; nothing flows before `start()`. Rejects with `unavailable` when the reader cannot be had, as
   * `Tap.create` does, or with the reason of the signal; nothing is left then.
   */
  static async create({ publication, tools, path, logger, signal }: SegmentOptions): Promise<Segment> {
    const undo = new UndoStack();
    try {
      const pair = undo.add(await tools.ports.take(), (taken) => taken.release());
      const reports = undo.add(await Reports.open(), (made) => made.close());
      const relay = undo.add(await relayFor(publication, pair.port), (made) => made?.close());
      const target = { rtpPort: relay?.port ?? pair.port, rtcpPort: reports.port };
      const tap = undo.add(await tools.endpoint.tap(publication, target), (made) => made.close());
      const reader = await tools.starts.run(() => {
        signal?.throwIfAborted();
        if (tap.isClosed) throw new AppError('not_found', 'The track is gone.');
        return Reader.create({ port: pair.port, sdp: readerSdp(tap.rtpParameters, pair.port), path });
      });
      return new Segment({ path, pair, tap, relay, reader, reports, logger });
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(parts: Parts) {
    const logger = parts.logger.child({ segment: parts.path, readerPid: parts.reader.pid });
    this.#parts = { ...parts, logger };
    const { tap, reports, reader } = parts;
    this.#clock = new SenderClock(this.codec.clockRate);
    reader.events.on('missed', (packets) => this.#miss(packets));
    tap.events.on('ended', () => this.#endInBackground('track-ended'));
    tap.events.on('jumped', () => this.#endInBackground('clock-jumped'));
    reports.events.on('reported', (report) => this.#take(report));
    reader.exited.then((exit) => {
      if (this.#ending) return;
      logger.warn({ complaints: exit.complaints, code: exit.code, signal: exit.signal }, 'a reader is gone');
      this.#endInBackground(isOutOfSpace(exit) ? 'disk-full' : 'reader-died');
    });
    tap.firstPacket.then((packet) => {
      if (this.#ending) return;
      this.#clock.goesOnWith(packet);
      this.#emitter.emit('began', packet);
    });
  }

  get events(): Listenable<SegmentEvents> {
    return this.#emitter;
  }

  get path(): string {
    return this.#parts.path;
  }

  get readerPid(): number {
    return this.#parts.reader.pid;
  }

  /** When, by `performance.now()`, that was which a report says. */
  toMonotonicMs({ wallMs }: SenderReport): number {
    return this.#parts.tap.toMonotonicMs(wallMs);
  }

  get codec(): SegmentCodec {
    const [codec] = this.#parts.tap.rtpParameters.codecs;
    if (!codec) throw new TypeError('a track without a codec');
    return { mimeType: codec.mimeType, clockRate: codec.clockRate };
  }

  /** Records from the next keyframe on. When the track is gone already, the segment ends. Never rejects. */
  async start(): Promise<void> {
    const { tap, path, logger } = this.#parts;
    // From the beginning: the layer that is wanted may be one that does not flow.
    const onStalled = () => this.#endInBackground('stalled');
    this.#watch = new FlowWatch({ tap, path, logger, onStalled });
    try {
      await tap.start();
    } catch (error) {
      logger.debug({ err: error }, 'a track cannot flow any more');
      await this.#end('track-ended');
    }
  }

  /** Ends the file in good order. Resolves when the reader is gone and its ports are free. Twice is no error. */
  stop(): Promise<void> {
    return this.#end('stopped');
  }

  #take(report: SenderReport): void {
    if (this.#ending) return;
    const { rtpTimestamp } = report;
    if (this.#clock.goesOnWith({ atMs: this.toMonotonicMs(report), rtpTimestamp })) {
      this.#emitter.emit('reported', report);
    } else this.#endInBackground('clock-jumped');
  }

  #miss(packets: number): void {
    if (this.#ending) return;
    this.#emitter.emit('missed', packets);
    this.#watch?.askForKeyFrame();
  }

  #endInBackground(reason: SegmentEnd): void {
    runInBackground(this.#end(reason), 'ending a segment', this.#parts.logger);
  }

  #end(reason: SegmentEnd): Promise<void> {
    this.#ending ??= this.#endNow(reason);
    return this.#ending;
  }

  async #endNow(reason: SegmentEnd): Promise<void> {
    const { tap, relay, reader, reports, pair, path } = this.#parts;
    this.#watch?.close();
    const ssrc = tap.rtpParameters.encodings?.[0]?.ssrc ?? 0;
    tap.close();
    if (reason === 'stalled') await reader.kill();
    else {
      reports.sayGoodbye(ssrc, pair.port + 1);
      await reader.leave();
    }
    relay?.close();
    reports.close();
    pair.release();
    await removeIfEmpty(path);
    this.#emitter.emit('ended', reason);
    this.#emitter.removeAll();
  }
}

/** Of what browsers send, only VP9 has to be changed for ffmpeg. */
async function relayFor({ mimeType }: Publication, port: number): Promise<Relay | undefined> {
  return mimeType.toLowerCase() === 'video/vp9' ? await Relay.create(port, simplifyVp9) : undefined;
}

/** A segment into which nothing came leaves no file, so that a track which can never be read does not fill the folder. */
async function removeIfEmpty(path: string): Promise<void> {
  const { size } = await stat(path).catch(() => ({ size: -1 }));
  if (size === 0) await rm(path, { force: true });
}
