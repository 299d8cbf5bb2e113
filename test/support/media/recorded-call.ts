/** A call with real workers whose people send clips as RTP, and a recorder in it: what the tests of the capture stand on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Call } from '../../../src/engine/call.ts';
import { Participant } from '../../../src/engine/index.ts';
import { newId, Slots } from '../../../src/lib/index.ts';
import { type FeedEndpoint, MediaServer, PortPairs, type Publication } from '../../../src/media/index.ts';
import { createLogger } from '../../../src/observability/index.ts';
import type { RtpParameters } from '../../../src/protocol/index.ts';
import { CallCapture, readTimeline, type TimelineEntry } from '../../../src/recording/capture/index.ts';
import { opusParameters, vp8Parameters } from '../rtp.ts';
import { until } from '../until.ts';
import { type Clip, FRAMERATE } from './clip.ts';
import { readFrames, type SeenFrame } from './read-media.ts';
import { RtpSender, type SenderOptions } from './rtp-sender.ts';

export interface RecordedCallOptions {
  readonly clip: Clip;
  /** Where pairs of ports are taken; each test file has its own. */
  readonly firstPort: number;
  readonly workers?: number;
  /** After which a worker that hangs is killed, in milliseconds. */
  readonly workerTimeoutMs?: number;
  /** Kept from an earlier call; a new one that goes with it otherwise. */
  readonly folder?: string;
}

export interface Published {
  readonly publication: Publication;
  readonly sender: RtpSender;
  /** Resolves when the clip was sent. */
  readonly done: Promise<void>;
}

const PERMISSIONS = {
  publish: ['microphone' as const, 'camera' as const],
  subscribe: false,
  data: false,
  record: false,
  moderate: false,
  hidden: false,
  phone: false,
};

export class RecordedCall {
  readonly call: Call;
  readonly media: MediaServer;
  readonly folder: string;
  readonly ports: PortPairs;
  readonly #clip: Clip;
  readonly #isFolderOurs: boolean;
  readonly #senders: RtpSender[] = [];
  readonly #captures: CallCapture[] = [];
  #isClosed = false;
  /** Each line of the log. */
  readonly logged: string[] = [];
  readonly #logger = createLogger({
    level: 'debug',
    format: 'json',
    service: 'kaa-test',
    destination: { write: (line) => this.logged.push(line) },
  });

  static async create(options: RecordedCallOptions): Promise<RecordedCall> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'kaa-recorded-')));
    const logger = createLogger({ level: 'fatal', format: 'json', service: 'kaa-test' });
    const media = await MediaServer.create(
      {
        size: options.workers ?? 1,
        port: 0,
        listenIp: '127.0.0.1',
        announcedAddress: undefined,
        timeoutMs: options.workerTimeoutMs ?? 5_000,
        workerCapacity: 500,
        workerBin: process.env.MEDIASOUP_WORKER_BIN,
      },
      logger,
    );
    const call = new Call({
      callId: newId(),
      roomId: 'recorded',
      room: await media.createRoom(),
      maxParticipants: 100,
      emptyTimeoutMs: 60_000,
      maxDurationMs: 600_000,
      startedAt: new Date(),
    });
    return new RecordedCall({ ...options, folder }, media, call, options.folder === undefined);
  }

  private constructor(
    { clip, folder, firstPort }: RecordedCallOptions & { folder: string },
    media: MediaServer,
    call: Call,
    isFolderOurs: boolean,
  ) {
    this.#clip = clip;
    this.folder = folder;
    this.media = media;
    this.call = call;
    this.#isFolderOurs = isFolderOurs;
    this.ports = new PortPairs({ from: firstPort, to: firstPort + 199 });
  }

  enter(userId: string): FeedEndpoint {
    const endpoint = this.call.room.createFeedEndpoint(userId);
    this.call.admit(
      new Participant({
        id: newId(),
        userId,
        name: userId,
        metadata: {},
        permissions: PERMISSIONS,
        endpoint,
        tell: () => {},
      }),
    );
    return endpoint;
  }

  /** Publishes and sends the clip, from its first frame. */
  async publish(
    feed: FeedEndpoint,
    kind: 'audio' | 'video',
    network: Partial<SenderOptions> = {},
  ): Promise<Published> {
    const { publication, sender } = await this.announce(feed, kind, network);
    const { frames, packets } = this.#clip;
    const done = kind === 'video' ? sender.sendVideo(frames, FRAMERATE) : sender.sendAudio(packets, 20);
    return { publication, sender, done };
  }

  /** Publishes VP8 or Opus, and sends nothing; `target` is where to. */
  async announce(feed: FeedEndpoint, kind: 'audio' | 'video', network: Partial<SenderOptions> = {}) {
    const rtpParameters = kind === 'video' ? vp8Parameters() : opusParameters();
    const { publication, senders, target } = await this.announceAs(feed, { kind, rtpParameters }, network);
    return { publication, sender: senders[0]!, target };
  }

  /** Publishes anything, and sends nothing; there is a sender for each encoding, low to high. `network` is of all, or of each. */
  async announceAs(
    feed: FeedEndpoint,
    { kind, rtpParameters }: { kind: 'audio' | 'video'; rtpParameters: RtpParameters },
    network: Partial<SenderOptions> | readonly Partial<SenderOptions>[] = {},
  ) {
    const networkOf = (index: number) => (Array.isArray(network) ? network[index] : network);
    const source = kind === 'video' ? 'camera' : 'microphone';
    const { publication, port } = await feed.publish({ kind, source, rtpParameters });
    const { payloadType, clockRate } = rtpParameters.codecs[0]!;
    const targets = rtpParameters.encodings.map(({ ssrc }) => ({
      port,
      ssrc: ssrc!,
      payloadType,
      clockRate,
    }));
    const target = targets[0]!;
    const first = new RtpSender({ ...target, ...networkOf(0) });
    const { socket } = first;
    const others = targets
      .slice(1)
      .map((other, index) => new RtpSender({ ...other, ...networkOf(index + 1), socket }));
    const senders = [first, ...others];
    this.#senders.push(...senders);
    return { publication, senders, target };
  }

  async record(): Promise<CallCapture> {
    const capture = await CallCapture.create({
      call: this.call,
      recordingId: newId(),
      folder: this.folder,
      ports: this.ports,
      starts: new Slots(4),
      logger: this.#logger,
    });
    this.#captures.push(capture);
    return capture;
  }

  /** What is in the timeline now. */
  async entries(): Promise<TimelineEntry[]> {
    return await readTimeline(join(this.folder, 'timeline.jsonl'));
  }

  /** The segments of a track, in the order of their beginning, with why they ended. */
  async segments(trackId: string): Promise<{ name: string; path: string; reason: string | undefined }[]> {
    const entries = await this.entries();
    return of(entries, 'segment-opened')
      .filter((opened) => opened.trackId === trackId)
      .map(({ segment: name }) => ({
        name,
        path: join(this.folder, name),
        reason: of(entries, 'segment-ended').find(({ segment }) => segment === name)?.reason,
      }));
  }

  /** The frames of each segment of a track. */
  async frames(trackId: string): Promise<SeenFrame[][]> {
    const segments = await this.segments(trackId);
    const files = await Promise.all(
      segments.map(async ({ path }) => ((await Bun.file(path).exists()) ? await readFrames(path) : [])),
    );
    return files;
  }

  /** Twice is no error. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const capture of this.#captures) await capture.stop('test-ended');
    for (const sender of this.#senders) sender.close();
    this.call.end('ended-by-host');
    await this.media.close();
    if (this.#isFolderOurs) await rm(this.folder, { recursive: true });
  }
}

export function of<T extends TimelineEntry['type']>(entries: readonly TimelineEntry[], type: T) {
  return entries.filter((entry): entry is Extract<TimelineEntry, { type: T }> => entry.type === type);
}

/** Resolves when so many entries of a type are in the timeline. */
export async function untilNoted(
  recorded: RecordedCall,
  type: TimelineEntry['type'],
  count: number,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (of(await recorded.entries(), type).length < count) {
    if (Date.now() > deadline) throw new Error(`there were no ${count} "${type}" in ${timeoutMs} ms`);
    await Bun.sleep(20);
  }
}

/** Resolves when the process is gone. */
export async function untilGone(pid: number): Promise<void> {
  await until(`process ${pid} is gone`, () => !isRunning(pid));
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
