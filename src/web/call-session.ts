/** One call of the page: ties the SDK to the store, and publishes what the devices give. */
import {
  CallClient,
  type CallState,
  type Gestures,
  type LocalTrack,
  type Moderation,
  RecordingLibrary,
  type TrackSource,
} from '../client/index.ts';
import { CallNews } from './call-news.ts';
import { captureScreen } from './capture.ts';
import type { DeviceKind } from './media-problem.ts';
import type { Notices } from './notices.ts';
import { RecordingNews } from './recording-news.ts';
import type { AppState } from './state.ts';
import type { Store } from './store.ts';
import { texts } from './texts.ts';

export interface CallSessionOptions {
  readonly store: Store<AppState>;
  readonly notices: Notices;
  readonly roomId: string;
  readonly name: string;
  readonly token: () => Promise<string>;
  /** Where to get another one when it ends; absent when there is none. */
  readonly getToken?: () => Promise<string>;
  readonly onWaiting: () => void;
  /** A moderator muted one of our devices. */
  readonly onMuted: (kind: DeviceKind) => void;
  readonly onClosed: (state: CallState & { status: 'closed' }) => void;
}

export class CallSession {
  readonly #client: CallClient;
  readonly #store: Store<AppState>;
  readonly #notices: Notices;
  readonly #news: CallNews;
  readonly #recordingNews: RecordingNews;

  constructor(options: CallSessionOptions) {
    const { roomId, name, token, getToken } = options;
    this.#store = options.store;
    this.#notices = options.notices;
    this.#client = new CallClient({
      url: location.origin,
      roomId,
      name,
      token,
      ...(getToken && { getToken }),
    });
    this.#news = new CallNews(this.#client, options);
    const library = new RecordingLibrary({ url: location.origin, token });
    this.#recordingNews = new RecordingNews(this.#client, { ...options, library });
    this.#handleState(options);
    this.#handleDevices(options);
  }

  get moderation(): Moderation {
    return this.#client.moderation;
  }

  get gestures(): Gestures {
    return this.#client.gestures;
  }

  /** Rejects when we cannot get in. */
  async join(): Promise<void> {
    const joined = await this.#client.join();
    this.#store.update({ userId: joined.userId });
    await Promise.all([this.alignDevice('microphone'), this.alignDevice('camera')]);
  }

  /** Publishes a device, pauses it, gives it another track or takes it back: as the store says that it is. */
  async alignDevice(kind: DeviceKind): Promise<void> {
    const { track, isOn } = this.#store.get()[kind];
    const local = this.#local(kind);
    if (!this.#mayPublish(kind)) return;
    if (!track) {
      if (local) await this.#client.unpublish(local);
    } else if (!local) {
      await this.#client.publish(track, { source: kind, isPaused: !isOn });
    } else {
      if (local.mediaTrack !== track) await this.#client.replaceTrack(local, track);
      if (local.isPaused === isOn) await (isOn ? this.#client.resume(local) : this.#client.pause(local));
    }
  }

  async startSharing(): Promise<void> {
    const { video, audio } = await captureScreen();
    await this.#client.publish(video, { source: 'screen' });
    if (audio) await this.#client.publish(audio, { source: 'screen-audio' });
  }

  async stopSharing(): Promise<void> {
    await Promise.all([this.#stop('screen'), this.#stop('screen-audio')]);
  }

  sendChat(text: string): Promise<void> {
    return this.#client.sendChat(text);
  }

  async startRecording(): Promise<void> {
    await this.#client.startRecording();
  }

  async stopRecording(): Promise<void> {
    await this.#client.stopRecording();
  }

  /** What the page shows of a track: nothing, or a picture so many device pixels high. */
  showTrack(trackId: string, demand: { isShown: boolean; spatialLayer: number }): void {
    for (const { tracks } of this.#client.participants.values()) {
      const track = tracks.get(trackId);
      if (track?.source === 'camera') track.setPreferredLayers({ spatialLayer: demand.spatialLayer });
      track?.setShown(demand.isShown);
    }
  }

  async leave(): Promise<void> {
    await this.stopSharing();
    await this.#client.leave();
  }

  close(): void {
    for (const source of ['screen', 'screen-audio'] as const) this.#local(source)?.mediaTrack.stop();
    this.#client.close();
  }

  #handleDevices({ onMuted }: CallSessionOptions): void {
    const { events } = this.#client;
    events.on('localTracksChanged', () => this.#store.update({ isSharingScreen: !!this.#local('screen') }));
    events.on('localTrackEnded', ({ source }) => {
      if (source === 'screen') this.#run(this.stopSharing());
    });
    events.on('localTrackMuted', ({ source }) => {
      if (source === 'microphone' || source === 'camera') onMuted(source);
    });
  }

  #handleState({ onWaiting, onClosed }: CallSessionOptions): void {
    this.#client.events.on('stateChanged', (state) => {
      const { connection, screen } = this.#store.get();
      if (state.status === 'connected') {
        // They may be others than before the connection was lost.
        if (this.#client.permissions) this.#store.update({ rights: this.#client.permissions });
        if (connection.status === 'reconnecting' && screen === 'call')
          this.#notices.info(texts.connection.back);
        this.#run(this.#recordingNews.refresh());
      }
      this.#store.update({ connection: state });
      this.#news.refresh();
      if (state.status === 'waiting') onWaiting();
      if (state.status === 'closed') onClosed(state);
    });
  }

  #local(source: TrackSource): LocalTrack | undefined {
    return this.#client.localTracks.find((local) => local.source === source);
  }

  #mayPublish(kind: DeviceKind): boolean {
    return this.#client.joined?.permissions.publish.includes(kind) ?? false;
  }

  async #stop(source: TrackSource): Promise<void> {
    const local = this.#local(source);
    if (!local) return;
    local.mediaTrack.stop();
    await this.#client.unpublish(local);
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => this.#notices.error(texts.toasts.actionFailed(String(error))));
  }
}
