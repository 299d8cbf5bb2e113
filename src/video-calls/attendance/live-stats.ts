/** How the media of a call flows now. */
import type { Identity } from '../../auth/index.ts';
import type { Call } from '../../engine/index.ts';
import type { CallFinder, FoundCall } from '../call-finder.ts';
import type { LiveStats } from './model.ts';

/** Each reading asks the worker about every track of everyone: many who look at once share one. */
const SHARED_FOR_MS = 1_000;

type Readings = LiveStats['participants'];

export class LiveStatsReader {
  readonly #finder: CallFinder;
  readonly #shared = new WeakMap<Call, { readonly at: number; readonly readings: Promise<Readings> }>();

  constructor(finder: CallFinder) {
    this.#finder = finder;
  }

  /** For one who may see the call. Rejects with `call_not_found`. */
  async read(identity: Identity, roomId: string): Promise<LiveStats> {
    return this.#describe(await this.#finder.visible(identity, roomId));
  }

  /** For the program itself, which may see every call. Rejects with `call_not_found`. */
  async readNewest(roomId: string): Promise<LiveStats> {
    return this.#describe(await this.#finder.newest(roomId));
  }

  async #describe({ row, live }: FoundCall): Promise<LiveStats> {
    const participants = live ? await this.#readShared(live) : [];
    return {
      id: row.roomId,
      callId: row.id,
      participantCount: participants.length,
      activeSpeaker: live?.room.activeSpeaker ?? null,
      recording: live?.recording ?? null,
      participants,
    };
  }

  #readShared(call: Call): Promise<Readings> {
    const shared = this.#shared.get(call);
    const now = performance.now();
    if (shared && now - shared.at < SHARED_FOR_MS) return shared.readings;
    const readings = readAll(call);
    this.#shared.set(call, { at: now, readings });
    return readings;
  }
}

function readAll(call: Call): Promise<Readings> {
  return Promise.all(
    call.visibleParticipants.map(async (participant) => {
      const { up, down } = await participant.stats();
      return {
        userId: participant.userId,
        name: participant.name,
        up: { ...up, tracks: [...up.tracks] },
        down: { ...down, tracks: [...down.tracks] },
      };
    }),
  );
}
