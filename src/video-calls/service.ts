/** The rules of video calls: who may create, see, change, end and enter one, and what is kept of it. */
import { type Identity, mayCreateCalls, mayJoin, permissionsIn, seesAllCalls } from '../auth/index.ts';
import type { CallRow, NewCallRow } from '../db/index.ts';
import type { Call, CallPlan, CallRegistry } from '../engine/index.ts';
import { paginate, toPage } from '../http/index.ts';
import { AppError, Emitter, type Listenable, newId } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { type Permissions, RESERVED_ROOM_IDS } from '../protocol/index.ts';
import type { CallSettings } from '../recording/index.ts';
import { CallFinder, callNotFound, factsOf, forbidden } from './call-finder.ts';
import type { JournalWriter } from './journal/index.ts';
import { LiveCalls } from './live-calls.ts';
import type { CallList, CallResource, CreateCall, ListQuery, UpdateCall } from './model.ts';
import { toMoment } from './moments.ts';
import { recordingSettings, recordsByItself } from './recordings/index.ts';
import { type CallRepository, callExists, type StayTotals } from './repository.ts';
import { describeCall } from './resource.ts';

export interface VideoCallsOptions {
  /** Whether joining a room id that nobody created makes the call. */
  readonly autoCreate: boolean;
  readonly defaultAccess: CallRow['access'];
  readonly emptyTimeoutMs: number;
  readonly maxDurationMs: number;
  /** For calls that do not say it. */
  readonly maxParticipants: number;
}

export interface VideoCallsDeps {
  readonly repository: CallRepository;
  readonly writer: JournalWriter;
  readonly registry: CallRegistry;
  readonly logger: Logger;
}

/** A door that is open: the live call, and what the one who asked may do in it. */
export interface Entrance {
  readonly call: Call;
  readonly title: string | null;
  readonly permissions: Permissions;
  /** Whether those who do not moderate wait until somebody lets them in. */
  readonly hasLobby: boolean;
  /** Whether media goes through the server or from one participant to another. */
  readonly topology: 'sfu' | 'p2p';
}

interface VideoCallsEvents extends Record<string, unknown> {
  /** A call begins to live; nobody is in it yet. */
  opened: { readonly call: Call; readonly recordsByItself: boolean };
}

export class VideoCallsService {
  readonly #repository: CallRepository;
  readonly #registry: CallRegistry;
  readonly #options: VideoCallsOptions;
  readonly #live: LiveCalls;
  readonly #emitter = new Emitter<VideoCallsEvents>();
  readonly finder: CallFinder;

  constructor(deps: VideoCallsDeps, options: VideoCallsOptions) {
    this.#repository = deps.repository;
    this.#registry = deps.registry;
    this.#options = options;
    this.#live = new LiveCalls(deps, options.emptyTimeoutMs);
    this.finder = new CallFinder(deps.repository, this.#live);
  }

  get events(): Listenable<VideoCallsEvents> {
    return this.#emitter;
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

  /**
   * The row of the call that one means to join later, with a pass; made where joining would make it. Throws as
   * `openDoor` does.
   */
  async findJoinable(identity: Identity, roomId: string): Promise<CallRow> {
    refuseReserved(roomId);
    const row = await this.#registry.exclusively(roomId, async () => {
      const live = this.#registry.get(roomId);
      if (live) return this.#live.savedRow(live);
      return (await this.#findOpen(roomId)) ?? this.#repository.insert(this.#newRow(identity, roomId));
    });
    if (!mayJoin(identity, factsOf(row))) throw forbidden('This token may not join the call.');
    return row;
  }

  /** What the identity may do in the call. Throws as `openDoor` does, but makes nothing, and opens nothing. */
  async checkDoor(identity: Identity, roomId: string): Promise<Permissions> {
    refuseReserved(roomId);
    const row = (await this.#findOpen(roomId)) ?? this.#newRow(identity, roomId);
    if (!mayJoin(identity, factsOf(row))) throw forbidden('This token may not join the call.');
    return restrict(permissionsIn(identity, factsOf(row)), row);
  }

  /**
   * Opens the call for one who wants to join. Throws `forbidden`, or `call_not_found` for a room id that nobody
   * created (where joining does not create). Does not wait for the database when the call lives already.
   */
  async openDoor(identity: Identity, roomId: string): Promise<Entrance> {
    refuseReserved(roomId);
    const call = await this.#registry.open(roomId, () => this.#plan(identity, roomId));
    const permissions = this.permissionsIn(identity, call);
    const { title, settings } = this.#live.row(call);
    return {
      call,
      title,
      permissions,
      hasLobby: settings.waitingRoom === true,
      topology: settings.topology === 'p2p' ? 'p2p' : 'sfu',
    };
  }

  /** What the identity may do in a call that lives. Throws `forbidden` when it may not be in it. */
  permissionsIn(identity: Identity, call: Call): Permissions {
    const row = this.#live.row(call);
    const facts = factsOf(row);
    if (!mayJoin(identity, facts)) throw forbidden('This token may not join the call.');
    return restrict(permissionsIn(identity, facts), row);
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

  async #plan(identity: Identity, roomId: string): Promise<CallPlan> {
    const existing = await this.#findOpen(roomId);
    const row = existing ?? this.#newRow(identity, roomId);
    if (!mayJoin(identity, factsOf(row))) throw forbidden('This token may not join the call.');
    return {
      callId: row.id,
      maxParticipants: row.maxParticipants,
      emptyTimeoutMs: this.#options.emptyTimeoutMs,
      maxDurationMs: this.#options.maxDurationMs,
      startedAt: row.startedAt ?? new Date(),
      onOpened: (call) => {
        this.#live.adopt(call, row, { isSaved: existing !== undefined });
        this.#emitter.emit('opened', { call, recordsByItself: recordsByItself(row) });
      },
    };
  }

  /** In the order of those who join: a call that came into being by being joined has no row for a moment. */
  #insert(row: NewCallRow): Promise<CallRow> {
    return this.#registry.exclusively(row.roomId, async () => {
      if (this.#registry.get(row.roomId)) throw callExists(row.roomId);
      await this.#live.allWritten(row.roomId);
      return this.#repository.insert(row);
    });
  }

  async #findOpen(roomId: string): Promise<CallRow | undefined> {
    // The end of an earlier call of this room id may still be on its way into the database.
    await this.#live.allWritten(roomId);
    const row = await this.#repository.findNewest(roomId);
    return row && row.status !== 'ended' ? row : undefined;
  }

  #newRow(identity: Identity, roomId: string): CallRow {
    if (!this.#options.autoCreate || !mayCreateCalls(identity)) throw callNotFound(roomId);
    const now = new Date();
    return {
      id: newId(),
      roomId,
      title: null,
      type: 'video',
      status: 'scheduled',
      createdBy: identity.userId,
      access: this.#options.defaultAccess,
      invited: [],
      maxParticipants: this.#options.maxParticipants,
      settings: {},
      metadata: {},
      scheduledAt: null,
      startedAt: null,
      endedAt: null,
      endReason: null,
      createdAt: now,
      updatedAt: now,
    };
  }
}

/** What the settings of the call take away from those who do not moderate it. */
function restrict(permissions: Permissions, row: CallRow): Permissions {
  if (permissions.moderate || row.settings.allowScreenShare !== false) return permissions;
  return { ...permissions, publish: permissions.publish.filter((source) => source !== 'screen') };
}

function refuseReserved(roomId: string): void {
  if (RESERVED_ROOM_IDS.includes(roomId)) {
    throw new AppError('validation_error', `The call id "${roomId}" is reserved.`);
  }
}
