/** A stream from this browser, from the session on: makes it, sends it, looks who watches, ends it. */
import {
  LibraryError,
  type StreamOperator,
  StreamPublisher,
  type StreamPublisherState,
  StreamSessions,
  subjectOf,
} from '../../client/index.ts';
import { fetchToken } from '../access.ts';
import { rememberedName, tabUserId } from '../identity.ts';
import { texts } from '../texts.ts';
import { pathOfStream } from './stream-path.ts';

export interface PublicationEvents {
  /** The address that viewers open. */
  started(address: string): void;
  state(state: StreamPublisherState): void;
  operators(operators: readonly StreamOperator[]): void;
  /** It did not start; in words. */
  failed(problem: string): void;
}

const LOOK_MS = 2_000;
const OVER: readonly StreamPublisherState[] = ['ended', 'replaced', 'closed'];

export class Publication {
  readonly #events: PublicationEvents;
  readonly #sessions: StreamSessions;
  readonly #token: () => Promise<string>;
  #publisher: StreamPublisher | undefined;
  #sessionId: string | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  #isOver = false;

  constructor(events: PublicationEvents) {
    this.#events = events;
    this.#token = () => fetchToken({ name: rememberedName() || 'Guest', userId: tabUserId() });
    this.#sessions = new StreamSessions({ url: location.origin, token: this.#token });
  }

  /** Never rejects: a failure is an event. */
  async start(media: MediaStream): Promise<void> {
    try {
      const session = await this.#sessions.create(subjectOf(await this.#token()));
      this.#sessionId = session.id;
      // Somebody has stopped it while it was made.
      if (this.#isOver) return this.#finish(session.id);
      this.#events.started(location.origin + pathOfStream(session.id));
      const publisher = new StreamPublisher({ sourceUrl: session.sourceUrl, media });
      this.#publisher = publisher;
      publisher.events.on('state', (state) => this.#entered(state));
      this.#looking = setInterval(() => void this.#look(session.id), LOOK_MS);
      this.#entered(publisher.state);
    } catch (error) {
      this.#events.failed(explain(error));
    }
  }

  /** Ends the session for everybody. Twice is no error. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#looking);
    this.#publisher?.close();
    if (this.#sessionId !== undefined) this.#finish(this.#sessionId);
  }

  #entered(state: StreamPublisherState): void {
    if (this.#isOver) return;
    if (OVER.includes(state)) {
      this.#isOver = true;
      clearInterval(this.#looking);
    }
    this.#events.state(state);
  }

  /** One that cannot be told ends by itself, for want of its source. */
  #finish(id: string): void {
    void this.#sessions.finish(id).catch(() => undefined);
  }

  async #look(id: string): Promise<void> {
    const operators = await this.#sessions.operators(id).catch(() => undefined);
    if (operators && !this.#isOver) this.#events.operators(operators);
  }
}

function explain(error: unknown): string {
  const { stream: t } = texts;
  if (!(error instanceof LibraryError)) return error instanceof Error ? error.message : t.failed;
  return error.code === 'forbidden' ? t.forbidden : t.failed;
}
