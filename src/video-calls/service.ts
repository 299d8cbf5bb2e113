/** The rules of video calls: who may create, see, change and end one, and what is kept of it. Who may enter is `doors.ts`. */
import { type Identity, mayCreateCalls, seesAllCalls } from '../auth/index.ts';
import type { CallRow, NewCallRow } from '../db/index.ts';
import type { Call, CallRegistry } from '../engine/index.ts';
import { paginate, toPage } from '../http/index.ts';
import { AppError, newId } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import type { CallSettings } from '../recording/index.ts';
import { CallFinder, forbidden } from './call-finder.ts';
import { CallDoors, type DoorsOptions, refuseReserved } from './doors.ts';
import type { JournalWriter } from './journal/index.ts';
import { LiveCalls } from './live-calls.ts';
import type { CallList, CallResource, CreateCall, ListQuery, UpdateCall } from './model.ts';
import { toMoment } from './moments.ts';
import { recordingSettings } from './recordings/index.ts';
import { type CallRepository, callExists, type StayTotals } from './repository.ts';
import { describeCall } from './resource.ts';

export interface VideoCallsDeps {
  readonly repository: CallRepository;
  readonly writer: JournalWriter;
  readonly registry: CallRegistry;
  readonly logger: Logger;
}

export class VideoCallsService {
  readonly #repository: CallRepository;
  readonly #registry: CallRegistry;
  readonly #options: DoorsOptions;
  readonly #live: LiveCalls;
  readonly finder: CallFinder;
  readonly doors: CallDoors;

  constructor(deps: VideoCallsDeps, options: DoorsOptions) {
    this.#repository = deps.repository;
    this.#registry = deps.registry;
    this.#options = options;
    this.#live = new LiveCalls(deps, options.emptyTimeoutMs);
    this.finder = new CallFinder(deps.repository, this.#live);
    this.doors = new CallDoors({ ...deps, live: this.#live }, options);
  }

  async create(identity: Identity, request: CreateCall): Promise<CallResource> {
    if (!mayCreateCalls(identity)) throw forbidden('This token may not create calls.');
    if (request.id !== undefined) refuseReserved(request.id);
    const row = await this.#insert({
      roomId: request.id ?? newId(),
      createdBy: identity.userId,
      access: request.access ?? this.#options.defaultAccess,
      maxParticipants: request.maxParticipants ?? this.#options.maxParticipants,
      ...(request.title === undefined ? {} : { title: request.title }),
      ...(request.type === undefined ? {} : { type: request.type }),
      ...(request.scheduledAt === undefined
        ? {}
        : { scheduledAt: toMoment(request.scheduledAt, 'scheduledAt') }),
      invited: request.invited ?? [],
      settings: request.settings ?? {},
      metadata: request.metadata ?? {},
    });
    return describeCall(row, undefined);
  }

  async list(identity: Identity, query: ListQuery): Promise<CallList> {
    if (identity.grants) throw forbidden('This token is for single calls only.');
    const page = toPage(query);
    await this.#live.caughtUp();
    const { rows, total } = await this.#repository.list(
      {
        ...(seesAllCalls(identity) ? {} : { visibleTo: identity.userId }),
        status: query.status,
        type: query.type,
        createdFrom: query.from === undefined ? undefined : toMoment(query.from, 'from'),
        createdBefore: query.to === undefined ? undefined : toMoment(query.to, 'to'),
      },
      page,
    );
    return {
      calls: rows.map((row) => describeCall(row, this.#live.byCallId(row.id))),
      pagination: paginate(page, total),
    };
  }

  async get(identity: Identity, roomId: string): Promise<CallResource> {
    const { row, live } = await this.finder.visible(identity, roomId);
    return describeCall(row, live);
  }

  async update(identity: Identity, roomId: string, change: UpdateCall): Promise<CallResource> {
    const { row } = await this.finder.managed(identity, roomId);
    const updated = await this.#repository.update(row.id, change);
    if (!updated) throw new AppError('call_ended', 'The call has ended and cannot be changed.');
    this.#live.refresh(updated);
    return describeCall(updated, this.#live.byCallId(row.id));
  }

  /** Ends the call for everyone. A call that has ended is answered as it is. */
  async end(identity: Identity, roomId: string): Promise<CallResource> {
    const { row } = await this.finder.managed(identity, roomId);
    await this.#registry.exclusively(roomId, async () => {
      this.#live.byCallId(row.id)?.end('ended-by-host');
      await this.#live.written(row.id);
      // Nobody was in it, so no journal wrote its end.
      if (row.status !== 'ended') await this.#repository.end(row.id, 'ended-by-host', new Date());
    });
    return describeCall((await this.#repository.findNewest(roomId)) ?? row, undefined);
  }

  /** What a call that lives is set to for its recordings. Resolves once its row is written. */
  async recordingSettings(call: Call): Promise<CallSettings> {
    const row = this.#live.savedRow(call);
    await this.#live.written(call.callId);
    return recordingSettings(row);
  }

  /** By stay: what those who are in this call have come to so far. */
  presentTotals(callId: string): Promise<ReadonlyMap<string, StayTotals>> {
    return this.#live.presentTotals(callId);
  }

  /** At the start: stays that an earlier run left open are closed, and its calls that nobody takes up again are ended. */
  async recover(): Promise<void> {
    await this.#repository.endOpenStays('disconnected', new Date());
    this.#live.watchAbandoned(await this.#repository.findActive());
  }

  /** Resolves when everything that happened is written. The live calls have ended before. */
  async close(): Promise<void> {
    await this.#live.close();
  }

  /** In the order of those who join: a call that came into being by being joined has no row for a moment. */
  #insert(row: NewCallRow): Promise<CallRow> {
    return this.#registry.exclusively(row.roomId, async () => {
      if (this.#registry.get(row.roomId)) throw callExists(row.roomId);
      await this.#live.allWritten(row.roomId);
      return this.#repository.insert(row);
    });
  }
}
