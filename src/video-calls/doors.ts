/** The doors of calls: who may enter which, and the call that comes into being when the first one does. */
import { type Identity, mayCreateCalls, mayJoin, permissionsIn } from '../auth/index.ts';
import type { CallRow } from '../db/index.ts';
import type { Call, CallPlan, CallRegistry } from '../engine/index.ts';
import { AppError, Emitter, type Listenable, newId } from '../lib/index.ts';
import { type Permissions, RESERVED_ROOM_IDS } from '../protocol/index.ts';
import { callNotFound, factsOf, forbidden } from './call-finder.ts';
import type { LiveCalls } from './live-calls.ts';
import { recordsByItself } from './recordings/index.ts';
import type { CallRepository } from './repository.ts';

export interface DoorsOptions {
  /** Whether joining a room id that nobody created makes the call. */
  readonly autoCreate: boolean;
  readonly defaultAccess: CallRow['access'];
  readonly emptyTimeoutMs: number;
  readonly maxDurationMs: number;
  /** For calls that do not say it. */
  readonly maxParticipants: number;
}

export interface DoorsDeps {
  readonly repository: CallRepository;
  readonly registry: CallRegistry;
  readonly live: LiveCalls;
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

interface DoorsEvents extends Record<string, unknown> {
  /** A call begins to live; nobody is in it yet. */
  opened: { readonly call: Call; readonly recordsByItself: boolean };
}

export class CallDoors {
  readonly #repository: CallRepository;
  readonly #registry: CallRegistry;
  readonly #live: LiveCalls;
  readonly #options: DoorsOptions;
  readonly #emitter = new Emitter<DoorsEvents>();

  constructor({ repository, registry, live }: DoorsDeps, options: DoorsOptions) {
    this.#repository = repository;
    this.#registry = registry;
    this.#live = live;
    this.#options = options;
  }

  get events(): Listenable<DoorsEvents> {
    return this.#emitter;
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

export function refuseReserved(roomId: string): void {
  if (RESERVED_ROOM_IDS.includes(roomId)) {
    throw new AppError('validation_error', `The call id "${roomId}" is reserved.`);
  }
}
