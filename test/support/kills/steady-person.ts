/** Somebody whose camera and microphone never stop, and who comes back by themselves: after a lost socket, server or worker. */
import { deviceCapabilities } from '../../../bench/load/device.ts';
import { Pacer } from '../../../bench/load/pacer.ts';
import { connectToSend, type SendConnection } from '../../../bench/load/webrtc/connection.ts';
import type { Joined } from '../../../src/protocol/index.ts';
import { type Clip, FRAMERATE } from '../media/clip.ts';
import { SignalingClient } from '../signaling-client.ts';
import { type ClipStream, type ClipVideo, clipAudio, clipVideo } from './clip-streams.ts';

export interface SteadyPersonOptions {
  /** Where the server is now; it may move. */
  readonly url: () => string;
  readonly token: string;
  readonly roomId: string;
  readonly clip: Clip;
  readonly ssrc: number;
}

const RETRY_MS = 100;
/** A flash has three frames; one before it tells where it begins. */
const FLASH = [-1, 0, 1, 2];

export class SteadyPerson {
  readonly #options: SteadyPersonOptions;
  readonly #streams: readonly ClipStream[];
  readonly #video: ClipVideo;
  /** Milliseconds since 1970. */
  readonly #startedAtMs: number;
  /** Of the tracks as they were first published, in the order of the streams. */
  readonly #trackIds: string[] = [];
  #client: SignalingClient | undefined;
  #connection: SendConnection | undefined;
  #pacer: Pacer | undefined;
  #resumeToken: string | undefined;
  #isClosed = false;
  /** When media last began to flow, in milliseconds since 1970. */
  flowingSinceMs = 0;

  /** Resolves when media flows for the first time. */
  static async create(options: SteadyPersonOptions): Promise<SteadyPerson> {
    const person = new SteadyPerson(options);
    await person.#come();
    return person;
  }

  private constructor(options: SteadyPersonOptions) {
    this.#options = options;
    const { clip, ssrc } = options;
    const startedAtMs = performance.now();
    this.#startedAtMs = Date.now();
    this.#video = clipVideo(ssrc + 1, clip, startedAtMs);
    this.#streams = [clipAudio(ssrc, clip, startedAtMs), this.#video];
  }

  /** The socket of now. */
  get client(): SignalingClient {
    if (!this.#client) throw new Error('the person is on their way');
    return this.#client;
  }

  /** When the flashes began whose every frame was sent, and those around them: in milliseconds since 1970. */
  get flashes(): number[] {
    const isSent = (frame: number) => this.#video.sent.has(frame);
    return [...this.#video.sent]
      .filter((frame) => frame % FRAMERATE === 0 && FLASH.every((offset) => isSent(frame + offset)))
      .map((frame) => this.#startedAtMs + (frame / FRAMERATE) * 1_000);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#silence();
    await this.#client?.close();
  }

  async #come(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#enter();
        return;
      } catch (error) {
        this.#silence();
        await this.#client?.close().catch(() => {});
        if (isRefused(error)) this.#resumeToken = undefined;
        await Bun.sleep(RETRY_MS);
      }
    }
  }

  async #enter(): Promise<void> {
    const { url, token, roomId } = this.#options;
    const client = await SignalingClient.connect(url(), token, roomId);
    this.#client = client;
    const joined =
      this.#resumeToken === undefined
        ? await client.request('join', { protocol: 'mediasoup' })
        : await client.request('resume', { resumeToken: this.#resumeToken });
    this.#resumeToken = joined.resumeToken;
    if (!joined.isResumed) await this.#publish(client, joined);
    client.closed.then(() => {
      if (this.#client === client && !this.#isClosed) void this.#come();
    });
    void this.#rebuildWhenLost(client, joined);
  }

  /** Once for each socket: the worker may be lost any number of times. */
  async #rebuildWhenLost(client: SignalingClient, joined: Joined): Promise<void> {
    for (;;) {
      await client.event('transports-lost');
      this.#silence();
      await this.#publish(client, joined).catch(() => client.close());
    }
  }

  async #publish(client: SignalingClient, { routerRtpCapabilities }: Joined): Promise<void> {
    const rtpCapabilities = deviceCapabilities(routerRtpCapabilities);
    const transport = await client.request('create-transport', { direction: 'send', rtpCapabilities });
    const streams = this.#streams.map(({ stream }) => stream);
    this.#connection = await connectToSend(
      {
        transport,
        hasReports: false,
        connect: async (dtlsParameters) => {
          const { transportId } = transport;
          await client.request('connect-transport', { transportId, dtlsParameters });
        },
      },
      streams,
    );
    for (const [index, { kind, rtpParameters }] of streams.entries()) {
      const trackId = this.#trackIds[index];
      const source = kind === 'audio' ? 'microphone' : 'camera';
      const produced = await client.request('produce', {
        transportId: transport.transportId,
        kind,
        source,
        rtpParameters,
        ...(trackId !== undefined && { trackId }),
      });
      this.#trackIds[index] = produced.trackId;
    }
    const connection = this.#connection;
    this.#pacer = new Pacer(streams.map((stream) => ({ connection, stream })));
    this.#pacer.start();
    this.flowingSinceMs = Date.now();
  }

  #silence(): void {
    this.#pacer?.stop();
    this.#connection?.close();
    this.#pacer = undefined;
    this.#connection = undefined;
  }
}

/** What trying again with the same token will not mend. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'invalid_state';
}
