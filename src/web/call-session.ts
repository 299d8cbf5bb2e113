/** One call of the page: ties the SDK to the store, and publishes what the devices give. */
import {
  CallClient,
  type CallState,
  type LocalTrack,
  type RemoteParticipant,
  type TrackSource,
} from '../client/index.ts';
import { captureScreen } from './capture.ts';
import type { DeviceKind } from './media-problem.ts';
import type { Notices } from './notices.ts';
import type { AppState, ParticipantView } from './state.ts';
import type { Store } from './store.ts';
import { texts } from './texts.ts';

export interface CallSessionOptions {
  readonly store: Store<AppState>;
  readonly notices: Notices;
  readonly roomId: string;
  readonly name: string;
  readonly token: () => Promise<string>;
  readonly onClosed: (state: CallState & { status: 'closed' }) => void;
}

export class CallSession {
  readonly #client: CallClient;
  readonly #store: Store<AppState>;
  readonly #notices: Notices;

  constructor({ store, notices, roomId, name, token, onClosed }: CallSessionOptions) {
    this.#store = store;
    this.#notices = notices;
    this.#client = new CallClient({ url: location.origin, roomId, name, token });
    this.#handleClient(onClosed);
  }

  /** Rejects when we cannot get in. */
  async join(): Promise<void> {
    const joined = await this.#client.join();
    this.#store.update({ userId: joined.userId, rights: joined.permissions });
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

  #handleClient(onClosed: CallSessionOptions['onClosed']): void {
    const { events } = this.#client;
    const refresh = () => this.#refresh();
    events.on('participantUpdated', refresh);
    events.on('trackAdded', refresh);
    events.on('trackRemoved', refresh);
    events.on('participantJoined', ({ name }) => this.#notice(texts.call.joined(name)));
    events.on('participantLeft', ({ name }) => this.#notice(texts.call.left(name)));
    events.on('activeSpeakerChanged', (activeSpeaker) => this.#store.update({ activeSpeaker }));
    events.on('localTracksChanged', () => this.#store.update({ isSharingScreen: !!this.#local('screen') }));
    events.on('localTrackEnded', ({ source }) => {
      if (source === 'screen') this.#run(this.stopSharing());
    });
    events.on('problem', (error) => this.#notices.error(texts.toasts.actionFailed(error.message)));
    events.on('serverDraining', (seconds) =>
      this.#notices.info(texts.connection.draining(Math.round(seconds))),
    );
    events.on('chat', (message) => {
      const { messages, isChatOpen, unreadCount } = this.#store.get();
      const isUnread = !message.isOwn && !isChatOpen;
      this.#store.update({ messages: [...messages, message], unreadCount: unreadCount + (isUnread ? 1 : 0) });
      if (!message.isOwn) this.#notices.announce(texts.chat.announced(message.name, message.text));
    });
    events.on('stateChanged', (state) => {
      if (state.status === 'connected' && this.#store.get().connection.status === 'reconnecting') {
        this.#notices.info(texts.connection.back);
      }
      this.#store.update({ connection: state });
      this.#refresh();
      if (state.status === 'closed') onClosed(state);
    });
  }

  #refresh(): void {
    this.#store.update({ participants: [...this.#client.participants.values()].map(viewOf) });
  }

  /** Whoever was there before us, or comes back with us after a reconnect, is no news. */
  #notice(text: string): void {
    this.#refresh();
    if (this.#client.state.status !== 'connected') return;
    this.#notices.info(text);
    this.#notices.announce(text);
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

function viewOf({ userId, name, tracks }: RemoteParticipant): ParticipantView {
  return {
    userId,
    name,
    tracks: [...tracks.values()].map(({ trackId, source, mediaTrack, isPaused, score, layers }) => ({
      trackId,
      source,
      mediaTrack,
      isPaused,
      score,
      spatialLayer: layers?.spatialLayer ?? null,
    })),
  };
}
