/** Everything that a person can do on the page; components call these and never change state themselves. */
import type { CallClosed } from '../client/index.ts';
import { AccessError, canRenewToken, fetchToken } from './access.ts';
import { CallSession } from './call-session.ts';
import { describeEnd, describeEndOfWaiting, explainFailure } from './ended-view.ts';
import { HostActions } from './host-actions.ts';
import { rememberName, tabUserId } from './identity.ts';
import { LocalDevices } from './local-devices.ts';
import type { DeviceKind } from './media-problem.ts';
import { Notices } from './notices.ts';
import { RecordingActions } from './recording-actions.ts';
import { isRoomId, pathOfRoom } from './room-name.ts';
import type { AppState, Panel } from './state.ts';
import type { Store } from './store.ts';
import { texts } from './texts.ts';

/** What is left of a call when it is over. */
const NO_CALL = {
  participants: [],
  pinnedTile: null,
  activeSpeaker: null,
  handRaisedAt: null,
  reactions: [],
  isReactionPickerOpen: false,
  panel: null,
  waiting: [],
  isLocked: false,
  recording: null,
  isRecordingPending: false,
  finishing: null,
  inviteLink: null,
  broadcast: null,
  confirmation: null,
  toasts: [],
  messages: [],
  unreadCount: 0,
  isSharingScreen: false,
} as const satisfies Partial<AppState>;

export class Actions {
  readonly host: HostActions;
  readonly recording: RecordingActions;
  readonly #store: Store<AppState>;
  readonly #notices: Notices;
  readonly #devices: LocalDevices;
  #session: CallSession | undefined;

  constructor(store: Store<AppState>) {
    this.#store = store;
    this.#notices = new Notices(store);
    this.#devices = new LocalDevices(store, (kind) => {
      this.#notices.error(texts.toasts.trackEnded[kind]);
      this.#run(this.#session?.alignDevice(kind));
    });
    this.host = new HostActions({
      store,
      notices: this.#notices,
      moderation: () => this.#session?.moderation,
      fetchToken: () => this.#fetchToken(),
    });
    this.recording = new RecordingActions({
      store,
      notices: this.#notices,
      session: () => this.#session,
    });
  }

  startDevices(): void {
    this.#run(this.#devices.start());
  }

  async join(roomId: string, typedName: string): Promise<void> {
    if (!isRoomId(roomId)) {
      this.#store.update({ lobbyProblem: texts.lobby.invalidCall });
      return;
    }
    const name = typedName.trim() || 'Guest';
    rememberName(typedName.trim());
    this.#store.update({ roomId, name, lobbyProblem: null, connection: { status: 'connecting' } });
    const session = new CallSession({
      store: this.#store,
      notices: this.#notices,
      roomId,
      name,
      token: () => this.#fetchToken(),
      ...(canRenewToken() && { getToken: () => this.#fetchToken() }),
      onWaiting: () => this.#store.update({ screen: 'waiting' }),
      onMuted: (kind) => this.#handleMuted(kind),
      onClosed: (closed) => this.#handleClosed(session, closed),
    });
    this.#session = session;
    try {
      await session.join();
      await this.#releaseWhatWeMayNotPublish();
      history.replaceState(null, '', pathOfRoom(roomId));
      document.title = texts.title(roomId);
      this.#store.update({ screen: 'call' });
    } catch (error) {
      if (this.#session === session) this.#session = undefined;
      session.close();
      if (this.#store.get().screen !== 'lobby') return;
      this.#store.update({ connection: { status: 'idle' }, lobbyProblem: explainFailure(error) });
    }
  }

  leave(): void {
    this.#run(this.#session?.leave());
  }

  /** Back into the call that we were in, with the devices as they were. */
  async rejoin(): Promise<void> {
    const { roomId, name } = this.#store.get();
    await this.showLobby();
    await this.join(roomId, name);
  }

  async showLobby(): Promise<void> {
    this.#store.update({ screen: 'lobby', lobbyProblem: null, connection: { status: 'idle' } });
    document.title = texts.appName;
    await this.#devices.start();
  }

  toggleDevice(kind: DeviceKind): void {
    if (this.#isForbidden(kind)) return;
    const isOn = !this.#store.get()[kind].isOn;
    this.#run(this.#changeDevice(kind, () => this.#devices.setOn(kind, isOn)));
  }

  selectDevice(kind: DeviceKind, deviceId: string): void {
    this.#run(this.#changeDevice(kind, () => this.#devices.select(kind, deviceId)));
  }

  toggleScreen(): void {
    if (this.#isForbidden('screen')) return;
    const { isSharingScreen } = this.#store.get();
    if (isSharingScreen) this.#run(this.#session?.stopSharing());
    else this.#session?.startSharing().catch((error: unknown) => this.#handleShareFailure(error));
  }

  /** Opens it in the place of the other one, or closes it. */
  togglePanel(panel: Panel): void {
    const { panel: open, unreadCount } = this.#store.get();
    const next = open === panel ? null : panel;
    this.#store.update({ panel: next, unreadCount: next === 'chat' ? 0 : unreadCount });
  }

  closeTopmost(): void {
    if (this.#store.get().isReactionPickerOpen) this.#store.update({ isReactionPickerOpen: false });
    else this.#store.update({ panel: null });
  }

  toggleHand(): void {
    const gestures = this.#session?.gestures;
    this.#run(this.#store.get().handRaisedAt ? gestures?.lowerHand() : gestures?.raiseHand());
  }

  toggleReactionPicker(): void {
    this.#store.update({ isReactionPickerOpen: !this.#store.get().isReactionPickerOpen });
  }

  react(reaction: string): void {
    this.#run(this.#session?.gestures.react(reaction));
  }

  sendChat(text: string): void {
    if (text.trim() === '') return;
    this.#session?.sendChat(text.trim()).catch(() => this.#notices.error(texts.chat.failed));
  }

  togglePin(tileId: string): void {
    this.#store.update({ pinnedTile: this.#store.get().pinnedTile === tileId ? null : tileId });
  }

  showTrack(trackId: string, demand: { isShown: boolean; spatialLayer: number }): void {
    this.#session?.showTrack(trackId, demand);
  }

  setSoundBlocked(isSoundBlocked: boolean): void {
    if (this.#store.get().isSoundBlocked !== isSoundBlocked) this.#store.update({ isSoundBlocked });
  }

  dismissToast(id: number): void {
    this.#notices.dismiss(id);
  }

  /** The page goes away. */
  dispose(): void {
    this.#session?.close();
    this.#devices.dispose();
  }

  #fetchToken(): Promise<string> {
    return fetchToken({ name: this.#store.get().name, userId: tabUserId() });
  }

  #isForbidden(source: DeviceKind | 'screen'): boolean {
    const { screen, rights } = this.#store.get();
    return screen === 'call' && !rights.publish.includes(source);
  }

  /** A light that is on for nobody would only frighten. */
  async #releaseWhatWeMayNotPublish(): Promise<void> {
    const { publish } = this.#store.get().rights;
    for (const kind of ['camera', 'microphone'] as const) {
      if (!publish.includes(kind)) await this.#devices.setOn(kind, false);
    }
    if (publish.length === 0) this.#notices.info(texts.toasts.mayNotPublish);
  }

  async #changeDevice(kind: DeviceKind, change: () => Promise<void>): Promise<void> {
    this.#store.update({ deviceProblem: null });
    await change();
    const { deviceProblem } = this.#store.get();
    if (deviceProblem !== null && this.#store.get().screen === 'call') this.#notices.error(deviceProblem);
    await this.#session?.alignDevice(kind);
  }

  #handleMuted(kind: DeviceKind): void {
    this.#notices.info(kind === 'camera' ? texts.toasts.cameraStopped : texts.toasts.muted);
    this.#run(this.#changeDevice(kind, () => this.#devices.setOn(kind, false)));
  }

  #handleClosed(session: CallSession, closed: CallClosed): void {
    const { screen } = this.#store.get();
    if (this.#session !== session || screen === 'lobby') return;
    this.#session = undefined;
    session.close();
    if (screen === 'waiting' && closed.reason === 'left') {
      this.#run(this.showLobby());
      return;
    }
    this.#devices.stop();
    const ended = screen === 'waiting' ? describeEndOfWaiting(closed) : describeEnd(closed);
    this.#store.update({ ...NO_CALL, screen: 'ended', ended });
  }

  #handleShareFailure(error: unknown): void {
    // Thinking better of it is no failure.
    if (error instanceof DOMException && error.name === 'NotAllowedError') return;
    this.#notices.error(texts.toasts.shareFailed);
  }

  #run(work: Promise<void> | undefined): void {
    work?.catch((error: unknown) => {
      const text = error instanceof AccessError ? error.message : explainFailure(error);
      this.#notices.error(texts.toasts.actionFailed(text));
    });
  }
}
