/** What a call tells the page: who is there and what they do, into the store and to the person. */
import type { CallClient, RemoteParticipant } from '../client/index.ts';
import type { Notices } from './notices.ts';
import type { AppState, ParticipantView } from './state.ts';
import type { Store } from './store.ts';
import { texts } from './texts.ts';

export interface CallNewsOptions {
  readonly store: Store<AppState>;
  readonly notices: Notices;
}

export class CallNews {
  readonly #client: CallClient;
  readonly #store: Store<AppState>;
  readonly #notices: Notices;

  constructor(client: CallClient, { store, notices }: CallNewsOptions) {
    this.#client = client;
    this.#store = store;
    this.#notices = notices;
    this.#handleClient();
    this.#handleOthers();
    this.#handleHosting();
  }

  /** Who is there, as they are right now. */
  refresh(): void {
    const { participants, handRaisedAt } = this.#client;
    this.#store.update({ participants: [...participants.values()].map(viewOf), handRaisedAt });
  }

  /** Whoever was there before us, or comes back with us after a reconnect, is no news. */
  #notice(text: string): void {
    this.refresh();
    if (this.#client.state.status !== 'connected') return;
    this.#notices.tell(text);
  }

  #handleClient(): void {
    const { events } = this.#client;
    events.on('activeSpeakerChanged', (activeSpeaker) => this.#store.update({ activeSpeaker }));
    events.on('problem', (error) => this.#notices.error(texts.toasts.actionFailed(error.message)));
    events.on('serverDraining', (seconds) =>
      this.#notices.info(texts.connection.draining(Math.round(seconds))),
    );
    events.on('tokenExpiring', () => this.#notices.error(texts.connection.expiring));
    events.on('chat', (message) => {
      const { messages, panel, unreadCount } = this.#store.get();
      const isUnread = !message.isOwn && panel !== 'chat';
      this.#store.update({ messages: [...messages, message], unreadCount: unreadCount + (isUnread ? 1 : 0) });
      if (!message.isOwn) this.#notices.announce(texts.chat.announced(message.name, message.text));
    });
  }

  #handleOthers(): void {
    const { events } = this.#client;
    const refresh = () => this.refresh();
    events.on('participantUpdated', refresh);
    events.on('trackAdded', refresh);
    events.on('trackRemoved', refresh);
    events.on('participantJoined', ({ name }) => this.#notice(texts.call.joined(name)));
    events.on('participantLeft', ({ name }) => this.#notice(texts.call.left(name)));
    events.on('handRaised', ({ userId, isRaised }) => {
      this.refresh();
      const name = this.#client.participants.get(userId)?.name;
      if (name === undefined || !isRaised) return;
      if (this.#store.get().panel !== 'people') this.#notices.info(texts.reactions.handRaised(name));
      this.#notices.announce(texts.reactions.handRaised(name));
    });
    events.on('reaction', ({ userId, reaction }) => {
      const name = this.#client.participants.get(userId)?.name;
      this.#notices.react(name ?? texts.you, reaction);
      if (name !== undefined) this.#notices.announce(texts.reactions.announced(name, reaction));
    });
  }

  #handleHosting(): void {
    const { events } = this.#client;
    events.on('lockChanged', (isLocked) => this.#store.update({ isLocked }));
    events.on('lobbyChanged', (waiting) => {
      const isLonger = waiting.length > this.#store.get().waiting.length;
      this.#store.update({ waiting });
      if (isLonger) this.#notices.announce(texts.call.waiting(waiting.map(({ name }) => name)));
    });
  }
}

function viewOf(participant: RemoteParticipant): ParticipantView {
  const { userId, name, isConnected, handRaisedAt, tracks } = participant;
  return {
    userId,
    name,
    isConnected,
    handRaisedAt,
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
