/** A call as an application sees it: who is in it, what we publish, how we are connected. It comes back by itself. */
import type { Joined, LobbyGuest, Permissions, ServerEvent } from '../protocol/index.ts';
import { reconnectDelayMs, waitToReconnect } from './backoff.ts';
import type { CallClientEvents } from './call-events.ts';
import { type CallState, canBecome } from './call-state.ts';
import { type CallClosed, endOf, finalEndOf, type SocketClosed } from './close-reason.ts';
import { type ConnectorOptions, connect, type Resumable } from './connector.ts';
import { CallError, isConnectionLost } from './errors.ts';
import { Emitter, type Listenable } from './events.ts';
import type { LocalTrack, PublishOptions } from './local-track.ts';
import { LocalTracks } from './local-tracks.ts';
import type { MediaSession } from './media-session.ts';
import { Moderation } from './moderation.ts';
import type { RemoteParticipant } from './remote-participant.ts';
import type { RemoteTrack } from './remote-track.ts';
import { RoomEvents } from './room-events.ts';
import { Roster } from './roster.ts';
import type { SignalingConnection } from './signaling-connection.ts';

export interface CallClientOptions extends ConnectorOptions {
  /** How long a lost connection is tried to be won back, in milliseconds. */
  readonly reconnectTimeoutMs?: number;
}

const RECONNECT_TIMEOUT_MS = 5 * 60_000;
/** How long `leave` waits for the server before the socket is closed all the same. */
const LEAVE_PATIENCE_MS = 1_000;

export class CallClient {
  /** For moderators, see `permissions`. */
  readonly moderation = new Moderation(() => this.#demandConnection());
  #options: CallClientOptions;
  readonly #emitter = new Emitter<CallClientEvents>();
  readonly #roster = new Roster();
  readonly #localTracks: LocalTracks;
  readonly #room: RoomEvents;
  readonly #ending = new AbortController();
  #state: CallState = { status: 'idle' };
  /** Undefined while there is none, or while it is not known yet whether we are in. */
  #connection: SignalingConnection | undefined;
  /** Outlives a lost connection: media flows on while the next one is looked for. */
  #session: MediaSession | undefined;

  constructor(options: CallClientOptions) {
    this.#options = options;
    this.#localTracks = new LocalTracks(this.#emitter, () => this.#session?.publisher);
    this.#room = new RoomEvents(this.#roster, this.#emitter, ({ tracks }) => this.#localTracks.obey(tracks));
    this.#handleRoster();
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

  get isHandRaised(): boolean {
    return this.#room.isHandRaised;
  }

  /** Who waits to be let in; only moderators are told. */
  get waiting(): readonly LobbyGuest[] {
    return this.#room.waiting;
  }

  /** Rejects with a `CallError` when we cannot get in; then the client is closed, and another one has to be made. */
  async join(): Promise<Joined> {
    if (this.#state.status !== 'idle') throw new CallError('already_joined', 'A call client joins once.');
    this.#become({ status: 'connecting' });
    try {
      return await this.#enter();
    } catch (error) {
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

  async raiseHand(): Promise<void> {
    await this.#demandConnection().request('raise-hand', {});
  }

  async lowerHand(): Promise<void> {
    await this.#demandConnection().request('lower-hand', {});
  }

  /** A passing sign to everyone. Emits `reaction` for our own when the server has taken it. */
  async react(reaction: string): Promise<void> {
    await this.#demandConnection().request('reaction', { reaction });
    this.#emitter.emit('reaction', { userId: this.joined?.userId ?? '', reaction, isPrivate: false });
  }

  /** How the others see us, after a later join too. */
  async update(profile: { readonly name?: string; readonly metadata?: unknown }): Promise<void> {
    await this.#demandConnection().request('update-metadata', profile);
    this.#options = { ...this.#options, ...profile };
  }

  async #enter(): Promise<Joined> {
    let isIn = false;
    const listener = {
      event: (event: ServerEvent) => {
        isIn ||= event.type === 'joined';
        // Who waits is told so by the event that tells moderators who waits.
        if (event.type === 'lobby-waiting' && !isIn) this.#become({ status: 'waiting' });
        else this.#room.apply(event);
      },
      mediaFailed: () => this.#handleMediaFailed(),
    };
    const before = this.#resumable();
    const { signal } = this.#ending;
    const { connection, session, joined } = await connect(this.#options, listener, { signal, before });
    this.#connection = connection;
    this.#session = session;
    connection.events.on('closed', (closed) => {
      if (this.#connection === connection) this.#handleClosed(closed);
    });
    this.#become({ status: 'connected' });
    if (session === before?.session) this.#run(session.resync(connection, joined));
    for (const track of this.#roster.tracks) this.#subscribe(track);
    this.#localTracks.publishAgain();
    return joined;
  }

  #resumable(): Resumable | undefined {
    const session = this.#session;
    const resumeToken = this.joined?.resumeToken;
    return session && !session.isClosed && resumeToken !== undefined ? { session, resumeToken } : undefined;
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
    events.on('demandChanged', ({ trackId }) => this.#session?.align(trackId));
    events.on('participantJoined', (participant) => this.#emitter.emit('participantJoined', participant));
    events.on('participantUpdated', (participant) => this.#emitter.emit('participantUpdated', participant));
    events.on('participantLeft', (participant) => this.#emitter.emit('participantLeft', participant));
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

  async #reconnect(message: string): Promise<void> {
    const { signal } = this.#ending;
    const deadline = performance.now() + (this.#options.reconnectTimeoutMs ?? RECONNECT_TIMEOUT_MS);
    for (let attempt = 0; performance.now() < deadline; attempt += 1) {
      this.#become({ status: 'reconnecting', attempt, message });
      await waitToReconnect(reconnectDelayMs(attempt), signal);
      if (signal.aborted) return;
      try {
        await this.#enter();
        return;
      } catch (error) {
        const end = finalEndOf(error);
        if (end) return this.#end(this.#room.describeEnd(end));
      }
    }
    this.#end({ reason: 'connection-lost', message });
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

  #demandConnection(): SignalingConnection {
    if (!this.#connection)
      throw new CallError('not_joined', 'There is no connection to the call at the moment.');
    return this.#connection;
  }
}
