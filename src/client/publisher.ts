/** The sending half of a media session: the send transport, made when first needed, and a producer for each track. */
import type { types } from 'mediasoup-client';
import type { Encodings, Track } from '../protocol/index.ts';
import { CallError } from './errors.ts';
import { LocalTrack } from './local-track.ts';
import { toWireParameters } from './media-parameters.ts';
import type { MediaTransport } from './media-transport.ts';
import { codecOptions, videoCodec, videoEncodings } from './send-parameters.ts';
import { SerialQueue } from './serial-queue.ts';
import type { SignalingLine } from './signaling-line.ts';

export interface PublisherOptions {
  readonly device: types.Device;
  readonly line: SignalingLine;
  readonly encodings: Encodings;
  readonly createTransport: () => Promise<MediaTransport>;
  /** Somebody else paused a track of ours while we were away; it is paused here too now. */
  readonly onMuted: (local: LocalTrack) => void;
}

/** More than any codec has. */
const ALL_LAYERS = 7;

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #producers = new Map<LocalTrack, types.Producer>();
  /** One change at a time: what is asked while a track is being published comes after it. */
  readonly #queue = new SerialQueue();
  #transport: MediaTransport | undefined;
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  publish(local: LocalTrack): Promise<void> {
    return this.#change(async () => {
      if (this.#producers.has(local)) return;
      // Setting up a producer only to throw it away again would cost a negotiation.
      if (!this.#options.line.isOpen) throw new CallError('connection_closed', 'The connection was lost.');
      const transport = await this.#useTransport();
      const { device, encodings } = this.#options;
      // A producer is born paused exactly when its track is disabled.
      local.mediaTrack.enabled = !local.isPaused;
      const codec = local.source === 'camera' ? videoCodec(device, encodings) : undefined;
      const producer = await transport.produce({
        track: local.mediaTrack,
        stopTracks: false,
        codecOptions: codecOptions(local, encodings),
        appData: { local },
        ...(local.kind === 'video' && { encodings: videoEncodings(local, encodings) }),
        ...(codec && { codec }),
      });
      this.#producers.set(local, producer);
      await this.#alignPause(local, producer);
    });
  }

  unpublish(local: LocalTrack): Promise<void> {
    return this.#change(async () => {
      const producer = this.#producers.get(local);
      if (!producer) return;
      this.#producers.delete(local);
      producer.close();
      const { trackId } = local;
      local.trackId = null;
      if (trackId !== null) await this.#options.line.request('close-producer', { trackId });
    });
  }

  /** Makes the producer paused or not, as its track says. */
  updatePause(local: LocalTrack): Promise<void> {
    return this.#change(async () => {
      const producer = this.#producers.get(local);
      if (producer) await this.#alignPause(local, producer);
    });
  }

  /** Sends the track's present `mediaTrack` instead of an earlier one. */
  updateMediaTrack(local: LocalTrack): Promise<void> {
    return this.#change(async () => {
      await this.#producers.get(local)?.replaceTrack({ track: local.mediaTrack });
    });
  }

  /**
   * Sends the layers up to this one, and stops those above that nobody shows. When nobody shows the track at all (null)
   * the smallest goes on: it costs little, and whoever looks next sees something at once.
   */
  limitLayers(trackId: string, spatialLayer: number | null): Promise<void> {
    return this.#change(async () => {
      const [, producer] = [...this.#producers].find(([local]) => local.trackId === trackId) ?? [];
      if (producer?.kind === 'video') await producer.setMaxSpatialLayer(spatialLayer ?? 0);
    });
  }

  /** Of what it sends; 0 while it has sent nothing. */
  get generation(): number {
    return this.#transport?.generation ?? 0;
  }

  /** Closes tracks of ours that the server has, and we have not. */
  async drop(trackIds: readonly string[]): Promise<void> {
    for (const trackId of trackIds) await this.#options.line.request('close-producer', { trackId });
  }

  /** Whether we can go on with what the server still has. */
  get canResume(): boolean {
    return !this.#transport?.isInDoubt;
  }

  /**
   * On another socket: forgets producers that the server has no more, closes tracks of ours that we have no more, and
   * makes both agree about what is paused. A track that was paused only there was muted by somebody else, and stays so.
   */
  resync(tracks: readonly Track[]): Promise<void> {
    this.#transport?.resync();
    const locals = [...this.#producers.keys()];
    for (const local of locals) local.pendingPauses += 1;
    return this.#change(async () => {
      const unclaimed = new Map(tracks.map((track) => [track.trackId, track]));
      for (const [local, producer] of [...this.#producers]) {
        const track = unclaimed.get(local.trackId ?? '');
        if (track) {
          unclaimed.delete(track.trackId);
          await this.#agreeOnPause(local, { producer, track });
          // What was wanted of it while we were away was told to nobody.
          if (producer.maxSpatialLayer !== undefined) await producer.setMaxSpatialLayer(ALL_LAYERS);
        } else {
          this.#producers.delete(local);
          producer.close();
          local.trackId = null;
        }
      }
      await this.drop([...unclaimed.keys()]);
    }).finally(() => {
      for (const local of locals) local.pendingPauses -= 1;
    });
  }

  /** Leaves the media tracks running: they belong to the application. Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#transport?.close();
    this.#producers.clear();
  }

  async #alignPause(local: LocalTrack, producer: types.Producer): Promise<void> {
    const { trackId, isPaused } = local;
    if (trackId === null || producer.paused === isPaused) return;
    if (isPaused) {
      // First here, so that nothing is heard any more, whatever the network does.
      producer.pause();
      await this.#options.line.request('pause-producer', { trackId });
    } else {
      await this.#options.line.request('resume-producer', { trackId });
      producer.resume();
    }
  }

  async #agreeOnPause(
    local: LocalTrack,
    { producer, track }: { producer: types.Producer; track: Track },
  ): Promise<void> {
    const { trackId } = track;
    const isMuted = track.isPaused && !producer.paused && !local.isPaused;
    if (isMuted) local.isPaused = true;
    if (local.isPaused) producer.pause();
    if (local.isPaused !== track.isPaused) {
      await this.#options.line.request(local.isPaused ? 'pause-producer' : 'resume-producer', { trackId });
    }
    if (!local.isPaused) producer.resume();
    if (isMuted) this.#options.onMuted(local);
  }

  async #useTransport(): Promise<types.Transport> {
    if (this.#transport) return this.#transport.transport;
    const transport = await this.#options.createTransport();
    if (this.#isClosed) transport.close();
    this.#transport = transport;
    this.#handleProduce(transport.transport);
    return transport.transport;
  }

  #handleProduce(transport: types.Transport): void {
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const { local } = appData;
      if (!(local instanceof LocalTrack)) return failed(new TypeError('A track of nobody.'));
      this.#options.line
        .request('produce', {
          transportId: transport.id,
          kind,
          source: local.source,
          rtpParameters: toWireParameters(rtpParameters),
          isPaused: local.isPaused,
          // Published before, over a transport that is no more: for everyone else it stays the same track.
          ...(local.trackId !== null && { trackId: local.trackId }),
        })
        .then(({ trackId, producerId }) => {
          local.trackId = trackId;
          done({ id: producerId });
        }, failed);
    });
  }

  async #change(task: () => Promise<void>): Promise<void> {
    await this.#queue.run(async () => {
      if (!this.#isClosed) await task();
    });
  }
}
