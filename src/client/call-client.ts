/** A call as an application sees it: who is in it, what we publish, how we are connected. It comes back by itself. */
import type {
  Joined,
  LobbyGuest,
  Permissions,
  RecordingRequest,
  RecordingState,
  ServerEvent,
} from '../protocol/index.ts';
import { reconnectDelayMs, waitToReconnect } from './backoff.ts';
import type { CallClientEvents, CurrentRecording } from './call-events.ts';
import { CallRecording } from './call-recording.ts';
import { type CallState, canBecome } from './call-state.ts';
import { type CallClosed, endOf, finalEndOf, type SocketClosed } from './close-reason.ts';
import {
  buildMedia,
  type ConnectorListener,
  type ConnectorOptions,
  connect,
  type Resumable,
} from './connector.ts';
import { CallError, isConnectionLost } from './errors.ts';
import { Emitter, type Listenable } from './events.ts';
import { Gestures } from './gestures.ts';
import type { LocalTrack, PublishOptions } from './local-track.ts';
import { LocalTracks } from './local-tracks.ts';
import type { MediaSession } from './media-session.ts';
import { Moderation } from './moderation.ts';
import type { RemoteParticipant } from './remote-participant.ts';
import type { RemoteTrack } from './remote-track.ts';
import { RoomEvents } from './room-events.ts';
import { Roster } from './roster.ts';
import type { SignalingConnection } from './signaling-connection.ts';
import { TokenKeeper } from './token-keeper.ts';

export interface CallClientOptions extends ConnectorOptions {
  /** How long a lost connection is tried to be won back, in milliseconds. */
  readonly reconnectTimeoutMs?: number;
}

const RECONNECT_TIMEOUT_MS = 5 * 60_000;
/** How long to wait for a server that has no place for media. */
const REBUILD_DELAY_MS = 500;
const LOST_WHILE_WAITING = 'The connection to the server was lost.';
/** How long `leave` waits for the server before the socket is closed all the same. */
const LEAVE_PATIENCE_MS = 1_000;

export class CallClient {
  /** For moderators, see `permissions`. */
  readonly moderation = new Moderation(() => this.#demandConnection());
  readonly gestures: Gestures;
  readonly #options: CallClientOptions;
  readonly #tokens: TokenKeeper;
  readonly #emitter = new Emitter<CallClientEvents>();
  readonly #roster = new Roster();
  readonly #localTracks: LocalTracks;
  readonly #room: RoomEvents;
  readonly #recording: CallRecording;
  readonly #ending = new AbortController();
  #state: CallState = { status: 'idle' };
  readonly #listener: ConnectorListener = {
    event: (event) => {
      this.#applyToMedia(event);
      this.#room.apply(event);
      this.#recording.apply(event);
    },
    waiting: () => this.#become({ status: 'waiting' }),
    tokenExpiring: (expiresAt, connection) => void this.#renewToken(expiresAt, connection),
    muted: (local) => this.#emitter.emit('localTrackMuted', local),
    mediaFailed: () => this.#handleMediaFailed(),
  };
  /** Undefined while there is none, or while it is not known yet whether we are in. */
  #connection: SignalingConnection | undefined;
  /** Outlives a lost connection: media flows on while the next one is looked for. */
  #session: MediaSession | undefined;

  constructor(options: CallClientOptions) {
    this.#tokens = new TokenKeeper(options, this.#ending.signal);
    this.#options = { ...options, token: () => this.#tokens.get() };
    this.gestures = new Gestures({
      connection: () => this.#demandConnection(),
      emitter: this.#emitter,
      ownUserId: () => this.joined?.userId ?? '',
    });
    this.#localTracks = new LocalTracks(this.#emitter, () => this.#session?.publisher);
    this.#room = new RoomEvents(this.#roster, this.#emitter, ({ tracks }) => {
      // Before we are back, what was changed here and what was changed there is not told apart yet: `resync` does that.
      if (this.#connection) this.#localTracks.obey(tracks);
    });
    this.#recording = new CallRecording({
      connection: () => this.#demandConnection(),
      emitter: this.#emitter,
    });
    this.#handleRoster();
    this.#emitter.on('mediaLost', () => this.#rebuildMedia());
  }

  get events(): Listenable<CallClientEvents> {
    return this.#emitter;
  }

  get state(): CallState {
    return this.#state;
  }

  /** What the server said when it let us in; undefined before, and kept while reconnecting. */
  get joined(): Joined | undefined {
    return this.#room.joined;
  }

  /** Everyone else, by user id. */
  get participants(): ReadonlyMap<string, RemoteParticipant> {
    return this.#roster.participants;
  }

  get localTracks(): readonly LocalTrack[] {
    return this.#localTracks.all;
  }

  get activeSpeaker(): string | null {
    return this.#room.activeSpeaker;
  }

  /** What we may do here; undefined before we are in. */
  get permissions(): Permissions | undefined {
    return this.joined?.permissions;
  }

  get isLocked(): boolean {
    return this.joined?.isLocked ?? false;
  }

  /** When we raised our hand; null while it is down. */
  get handRaisedAt(): Date | null {
    return this.#room.handRaisedAt;
  }

  /** Who waits to be let in; only moderators are told. */
  get waiting(): readonly LobbyGuest[] {
    return this.#room.waiting;
  }

  /** What is recorded of this call now; null while nothing is. */
  get recording(): CurrentRecording | null {
    return this.#recording.current;
  }

  /**
   * Rejects with a `CallError` when we cannot get in; then the client is closed, and another one has to be made. Where
   * there is a lobby it takes as long as a moderator takes; the state is `waiting` meanwhile.
   */
  async join(): Promise<Joined> {
    if (this.#state.status !== 'idle') throw new CallError('already_joined', 'A call client joins once.');
    this.#become({ status: 'connecting' });
    try {
      return await this.#enter();
    } catch (error) {
      // Who waits in the lobby goes on waiting over another socket.
      if (this.#isWaiting && isConnectionLost(error) && !finalEndOf(error)) {
        return this.#reconnect(LOST_WHILE_WAITING);
      }
      this.#end(endOf(error));
      throw error;
    }
  }

  /** Twice is no error. */
  async leave(): Promise<void> {
    const connection = this.#connection;
    if (connection) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise((resolve) => {
        timer = setTimeout(resolve, LEAVE_PATIENCE_MS);
      });
      // The socket closes in any case, and the server understands that too.
      await Promise.race([connection.request('leave', {}).catch(() => undefined), patience]);
      clearTimeout(timer);
    }
    this.close();
  }

  /** Leaves at once, without a word: for a page that goes away. Twice is no error. */
  close(): void {
    this.#end({ reason: 'left', message: 'You left the call.' });
  }

  /** The media track stays the application's: nothing here stops it. Rejects when the server refuses the track. */
  publish(mediaTrack: MediaStreamTrack, options: PublishOptions): Promise<LocalTrack> {
    return this.#localTracks.publish(mediaTrack, options);
  }

  unpublish(local: LocalTrack): Promise<void> {
    return this.#localTracks.unpublish(local);
  }

  /** Another device, without the others seeing a new track. */
  replaceTrack(local: LocalTrack, mediaTrack: MediaStreamTrack): Promise<void> {
    return this.#localTracks.replace(local, mediaTrack);
  }

  pause(local: LocalTrack): Promise<void> {
    return this.#localTracks.setPaused(local, true);
  }

  resume(local: LocalTrack): Promise<void> {
    return this.#localTracks.setPaused(local, false);
  }

  /** For those with the right `record`. Everyone is told. Rejects with `forbidden`, or `invalid_state` while one runs. */
  async startRecording(options: RecordingRequest = {}): Promise<RecordingState> {
    return this.#recording.start(options);
  }

  /** Resolves when all that was captured is safe; its files are made then. Rejects with `invalid_state` when none runs. */
  async stopRecording(): Promise<RecordingState> {
    return this.#recording.stop();
  }

  /** To everyone, or to one. Emits `chat` for our own message when the server has taken it. */
  async sendChat(text: string, targetUserId?: string): Promise<void> {
    const { chatId, sentAt } = await this.#demandConnection().request('chat', { text }, targetUserId);
    const { userId = '', name = '' } = this.joined ?? {};
    const isPrivate = targetUserId !== undefined;
    this.#emitter.emit('chat', {
      chatId,
      userId,
      name,
      text,
      sentAt: new Date(sentAt),
      isPrivate,
      isOwn: true,
    });
  }

  async #enter(): Promise<Joined> {
    const before = this.#resumable();
    const { signal } = this.#ending;
    const { connection, session, joined } = await connect(this.#options, this.#listener, {
      signal,
      before,
    });
    this.#connection = connection;
    connection.events.on('closed', (closed) => {
      if (this.#connection === connection) this.#handleClosed(closed);
    });
    this.#become({ status: 'connected' });
    if (session === before?.session) this.#run(session.resync(connection, joined));
    else this.#run(session.publisher.drop(this.#localTracks.strangers(joined.tracks)));
    this.#useMedia(session);
    return joined;
  }

  #useMedia(session: MediaSession): void {
    this.#session = session;
    for (const track of this.#roster.tracks) this.#subscribe(track);
    this.#localTracks.publishAgain();
    // The worker died while the session was being built.
    if (this.joined && session.generation < this.joined.generation) this.#rebuildMedia();
  }

  /** Over the socket that we have: we stay in the call, and everything that we publish stays the same track. */
  #rebuildMedia(): void {
    const connection = this.#connection;
    const joined = this.joined;
    if (!connection || !joined) return;
    this.#session?.close();
    this.#session = undefined;
    const isCurrent = () =>
      this.#connection === connection && this.joined?.generation === joined.generation && !this.#session;
    buildMedia(connection, joined, { options: this.#options, listener: this.#listener }).then(
      (session) => {
        if (isCurrent()) this.#useMedia(session);
        else session.close();
      },
      (error: unknown) => {
        if (!isCurrent()) return;
        if (!(error instanceof CallError) || error.code !== 'unavailable') return this.#handleMediaFailed();
        // No worker is there at the moment.
        setTimeout(() => {
          if (isCurrent()) this.#rebuildMedia();
        }, REBUILD_DELAY_MS);
      },
    );
  }

  #resumable(): Resumable | undefined {
    const resumeToken = this.joined?.resumeToken;
    return resumeToken === undefined ? undefined : { session: this.#session, resumeToken };
  }

  #handleRoster(): void {
    const { events } = this.#roster;
    events.on('trackAdded', (track) => {
      this.#emitter.emit('trackAdded', track);
      this.#subscribe(track);
    });
    events.on('trackRemoved', (track) => {
      this.#session?.unsubscribe(track.trackId);
      this.#emitter.emit('trackRemoved', track);
    });
    events.on('trackRenewed', (track) => this.#run(this.#session?.renew(track)));
    events.on('demandChanged', ({ trackId }) => this.#session?.align(trackId));
    events.on('participantJoined', (participant) => this.#emitter.emit('participantJoined', participant));
    events.on('participantUpdated', (participant) => this.#emitter.emit('participantUpdated', participant));
    events.on('participantLeft', (participant) => this.#emitter.emit('participantLeft', participant));
  }

  #applyToMedia(event: ServerEvent): void {
    if (event.type === 'consumer-closed') this.#run(this.#session?.consumerClosed(event.data));
    if (event.type === 'publish-layers') {
      const { trackId, spatialLayer } = event.data;
      this.#run(this.#session?.publisher.limitLayers(trackId, spatialLayer));
    }
  }

  async #renewToken(expiresAt: Date, connection: SignalingConnection): Promise<void> {
    if (!(await this.#tokens.renew(expiresAt, connection))) this.#emitter.emit('tokenExpiring', expiresAt);
  }

  #subscribe(track: RemoteTrack): void {
    this.#run(this.#session?.subscribe(track));
  }

  /** What a lost connection left undone is done on the next one. */
  #run(work: Promise<void> | undefined): void {
    work?.catch((error: unknown) => {
      const isOurs = this.#state.status === 'connected' && error instanceof Error && !isConnectionLost(error);
      if (isOurs) this.#emitter.emit('problem', error);
    });
  }

  #handleClosed({ message, finalReason }: SocketClosed): void {
    this.#connection = undefined;
    if (finalReason) this.#end(this.#room.describeEnd({ reason: finalReason, message }));
    else this.#handleLoss(message);
  }

  /** Nothing of the media is worth keeping. */
  #handleMediaFailed(): void {
    this.#disconnect();
    this.#handleLoss('The media connection was lost.');
  }

  #handleLoss(message: string): void {
    if (this.#state.status !== 'connected') return;
    this.#reconnect(message).catch((error: unknown) => this.#end(endOf(error)));
  }

  /** Resolves when we are in again. When it rejects, the call is over for us, and the state says why. */
  async #reconnect(message: string): Promise<Joined> {
    const { signal } = this.#ending;
    const deadline = performance.now() + (this.#options.reconnectTimeoutMs ?? RECONNECT_TIMEOUT_MS);
    for (let attempt = 0; performance.now() < deadline; attempt += 1) {
      this.#become({ status: 'reconnecting', attempt, message });
      await waitToReconnect(reconnectDelayMs(attempt), signal);
      signal.throwIfAborted();
      try {
        return await this.#enter();
      } catch (error) {
        const end = finalEndOf(error);
        if (!end) continue;
        this.#end(this.#room.describeEnd(end));
        throw error;
      }
    }
    this.#end({ reason: 'connection-lost', message });
    throw new CallError('unreachable', message);
  }

  #disconnect(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#session?.close();
    this.#session = undefined;
    connection?.close();
  }

  #end(closed: CallClosed): void {
    if (this.#state.status === 'closed') return;
    this.#become({ status: 'closed', ...closed });
    this.#ending.abort();
    this.#disconnect();
    this.#localTracks.close();
    this.#emitter.removeAll();
    this.#roster.clear();
  }

  #become(state: CallState): void {
    if (!canBecome(this.#state, state)) return;
    this.#state = state;
    this.#emitter.emit('stateChanged', state);
  }

  get #isWaiting(): boolean {
    return this.#state.status === 'waiting';
  }

  #demandConnection(): SignalingConnection {
    if (!this.#connection)
      throw new CallError('not_joined', 'There is no connection to the call at the moment.');
    return this.#connection;
  }
}
