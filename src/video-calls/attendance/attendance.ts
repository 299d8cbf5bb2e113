/** Who was in a call and when, and what it came to: from the rows, and from those who are still there. */
import { type Identity, seesHidden } from '../../auth/index.ts';
import { paginate, toPage } from '../../http/index.ts';
import type { CallFinder } from '../call-finder.ts';
import type { CallRepository, StayTotals } from '../repository.ts';
import type { Analytics, StayList, StaysQuery } from './model.ts';
import { summarize } from './summary.ts';

export interface AttendanceDeps {
  readonly finder: CallFinder;
  readonly repository: CallRepository;
  /** By stay: what those who are in this call have come to so far. */
  readonly presentTotals: (callId: string) => Promise<ReadonlyMap<string, StayTotals>>;
}

export class Attendance {
  readonly #deps: AttendanceDeps;

  constructor(deps: AttendanceDeps) {
    this.#deps = deps;
  }

  /** Who was there and who is, in the order of their coming. Hidden ones are shown to admins alone. */
  async participants(identity: Identity, roomId: string, query: StaysQuery): Promise<StayList> {
    const { row } = await this.#deps.finder.visible(identity, roomId);
    const page = toPage(query);
    const filter = { callId: row.id, withHidden: seesHidden(identity) };
    const { rows, total } = await this.#deps.repository.listStays(filter, page);
    return {
      participants: rows.map((stay) => ({
        userId: stay.userId,
        name: stay.name,
        joinedAt: stay.joinedAt.toISOString(),
        leftAt: stay.leftAt?.toISOString() ?? null,
        leaveReason: stay.leaveReason,
        isPresent: stay.leftAt === null,
        isHidden: stay.hidden,
      })),
      pagination: paginate(page, total),
    };
  }

  async analytics(identity: Identity, roomId: string): Promise<Analytics> {
    const { row } = await this.#deps.finder.visible(identity, roomId);
    const stays = await this.#deps.repository.findStays(row.id);
    const present = await this.#deps.presentTotals(row.id);
    const now = new Date();
    const end = row.endedAt ?? now;
    return {
      id: row.roomId,
      callId: row.id,
      startedAt: row.startedAt?.toISOString() ?? null,
      endedAt: row.endedAt?.toISOString() ?? null,
      durationMs: row.startedAt ? Math.max(end.getTime() - row.startedAt.getTime(), 0) : 0,
      ...summarize(
        stays.map((stay) => (stay.leftAt ? stay : { ...stay, ...present.get(stay.id) })),
        end,
      ),
    };
  }
}
