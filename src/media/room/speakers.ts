/** Who speaks on one router: its dominant speaker while there is sound, nobody once it is silent. */
import type { ActiveSpeakerObserver, AudioLevelObserver, Router } from 'mediasoup/types';
import { Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import type { TrackSource } from '../../protocol/index.ts';

/** What is listened to. */
interface Listened {
  readonly source: TrackSource;
  readonly producerId: string;
  readonly userId: string;
  readonly events: Listenable<{ closed: undefined }>;
}

/** Sound under this many dBov is silence. */
const SILENCE_DBOV = -60;
/** More than can be told apart. */
const MAX_VOICES = 20;
/** How often the levels are looked at. */
const INTERVAL_MS = 300;

export interface SpeakersEvents extends Record<string, unknown> {
  /** Everyone whose voice was heard in the last `forMs` milliseconds, the loudest first. Nothing is said of silence. */
  heard: { readonly userIds: readonly string[]; readonly forMs: number };
  /** The user who speaks, or null. Never the same twice in a row. */
  changed: string | null;
}

export class Speakers {
  readonly #emitter = new Emitter<SpeakersEvents>();
  readonly #dominance: ActiveSpeakerObserver;
  readonly #levels: AudioLevelObserver;
  /** Who a producer belongs to. */
  readonly #userIds = new Map<string, string>();
  #dominant: string | null = null;
  #hasSound = false;
  #current: string | null = null;

  static async create(router: Router): Promise<Speakers> {
    const undo = new UndoStack();
    try {
      const dominance = undo.add(
        await router.createActiveSpeakerObserver({ interval: INTERVAL_MS }),
        (made) => made.close(),
      );
      const levels = await router.createAudioLevelObserver({
        interval: INTERVAL_MS,
        threshold: SILENCE_DBOV,
        maxEntries: MAX_VOICES,
      });
      return new Speakers(dominance, levels);
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(dominance: ActiveSpeakerObserver, levels: AudioLevelObserver) {
    this.#dominance = dominance;
    this.#levels = levels;
    dominance.on('dominantspeaker', ({ producer }) => {
      this.#dominant = this.#userIds.get(producer.id) ?? null;
      this.#update();
    });
    levels.on('volumes', (volumes) => {
      this.#hasSound = true;
      const userIds = volumes.flatMap(({ producer }) => this.#userIds.get(producer.id) ?? []);
      // The dominant speaker is only told when it changes: the first sound has to name one as well.
      this.#dominant ??= userIds[0] ?? null;
      this.#update();
      this.#emitter.emit('heard', { userIds, forMs: INTERVAL_MS });
    });
    levels.on('silence', () => {
      this.#hasSound = false;
      this.#update();
    });
  }

  get events(): Listenable<SpeakersEvents> {
    return this.#emitter;
  }

  get current(): string | null {
    return this.#current;
  }

  /** Listens to a microphone until it closes. What a screen plays is nobody speaking, and pictures are not heard. */
  async add(publication: Listened): Promise<void> {
    if (publication.source !== 'microphone') return;
    const { producerId, userId } = publication;
    this.#userIds.set(producerId, userId);
    publication.events.on('closed', () => this.#forget(producerId, userId));
    // Whoever publishes is answered first.
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.#userIds.has(producerId)) return;
    try {
      await Promise.all([
        this.#dominance.addProducer({ producerId }),
        this.#levels.addProducer({ producerId }),
      ]);
    } catch (error) {
      // One that closed on the way need not be listened to.
      if (this.#userIds.has(producerId)) throw error;
    }
  }

  close(): void {
    this.#dominance.close();
    this.#levels.close();
    this.#userIds.clear();
    this.#emitter.removeAll();
  }

  #forget(producerId: string, userId: string): void {
    this.#userIds.delete(producerId);
    if (this.#dominant === userId) this.#dominant = null;
    this.#update();
  }

  #update(): void {
    const speaker = this.#hasSound ? this.#dominant : null;
    if (speaker === this.#current) return;
    this.#current = speaker;
    this.#emitter.emit('changed', speaker);
  }
}
