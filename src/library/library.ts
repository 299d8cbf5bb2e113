/** Recordings as people meet them, whatever made them: seen, watched, handed out, deleted. */
import type { Identity, LinkTokens, Opener } from '../auth/index.ts';
import { unauthenticated } from '../auth/index.ts';
import type { RecordingFileRow, RecordingRow } from '../db/index.ts';
import { paginate, toPage } from '../http/index.ts';
import { AppError, type Unsubscribe } from '../lib/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import { type Rights, recordingNotFound, rightsTo } from './access.ts';
import type { Link, RecordingList, RecordingResource, RecordingsQuery } from './model.ts';
import type { RecordingNews, RecordingWatcher } from './news.ts';
import type { FoundRecording, RecordingRepository } from './repository.ts';
import { describeRecording } from './resource.ts';

/** Who makes files out of recordings; another part of the server. */
export interface RecordingMaker {
  /** Has one made again at once. Rejects with `conflict` when it neither failed nor waits for another attempt. */
  retry(id: string): Promise<void>;
  /** Ends whatever is done with it, then deletes all of it. Resolves when nothing is left. Twice is no error. */
  remove(id: string): Promise<void>;
}

/** Who asks without a token has never said how many, and expects all. */
const PUBLIC_PAGE_SIZE = 100;
const OUTSIDE_OF_CALLS = ['ingest', 'live', 'phone'] as const;

export interface LibraryDeps {
  readonly repository: RecordingRepository;
  /** Where the files of recordings of a kind are. */
  readonly storageOf: (kind: RecordingRow['kind']) => StorageProvider;
  readonly links: LinkTokens;
  readonly news: RecordingNews;
  /** Who makes recordings of a kind. */
  readonly makerOf: (kind: RecordingRow['kind']) => RecordingMaker;
  /** What is listed and shown to those who have no token. */
  readonly publicKinds: readonly RecordingRow['kind'][];
}

export class Library {
  readonly #deps: LibraryDeps;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
  }

  storageOf(kind: RecordingRow['kind']): StorageProvider {
    return this.#deps.storageOf(kind);
  }

  /** Without an identity what is public. Throws `unauthenticated` when nothing is. */
  async list(identity: Identity | undefined, query: RecordingsQuery): Promise<RecordingList> {
    const kinds = query.kind && [query.kind];
    const page = toPage(identity ? query : { ...query, limit: PUBLIC_PAGE_SIZE });
    const { found, total } = await this.#deps.repository.list(
      {
        ...(identity ? visibleTo(identity) : {}),
        kinds: identity ? kinds : this.#demandPublic(kinds),
        status: query.status,
        roomId: query.room_id,
      },
      page,
    );
    return { recordings: found.map(describeRecording), pagination: paginate(page, total) };
  }

  /** Throws `recording_not_found`, also for those who may not see it. */
  async get(identity: Identity | undefined, id: string): Promise<RecordingResource> {
    if (identity) return describeRecording((await this.#visible(identity, id)).found);
    const kinds = this.#demandPublic();
    const found = await this.#deps.repository.find(id);
    if (!found || !kinds.includes(found.row.kind)) throw recordingNotFound(id);
    return describeRecording(found);
  }

  /** For whoever may change it. Throws `forbidden` for those who see it and may not. */
  async getManaged(identity: Identity, id: string): Promise<RecordingResource> {
    return describeRecording(await this.#managed(identity, id));
  }

  /** For the program itself, which may see all. Throws `recording_not_found`. */
  async find(id: string): Promise<RecordingResource> {
    const found = await this.#deps.repository.find(id);
    if (!found) throw recordingNotFound(id);
    return describeRecording(found);
  }

  /** The same for one of this call alone. */
  async getOfCall(identity: Identity, id: string, callIds: CallIds): Promise<RecordingResource> {
    const { found } = await this.#visible(identity, id);
    demandOfCall(found, callIds);
    return describeRecording(found);
  }

  async link(identity: Identity, id: string): Promise<Link> {
    await this.#visible(identity, id);
    const { token, expiresAt } = await this.#deps.links.issue({ recordingId: id });
    return { token, expiresAt: expiresAt.toISOString() };
  }

  /** Throws `forbidden` for those who see it and may not, `conflict` when it neither failed nor waits for another attempt. */
  async retry(identity: Identity, id: string): Promise<RecordingResource> {
    const { row } = await this.#managed(identity, id);
    await this.#deps.makerOf(row.kind).retry(id);
    return this.get(identity, id);
  }

  /** Resolves when nothing of it is left. Throws `forbidden` for those who see it and may not. */
  async remove(identity: Identity, id: string, callIds?: CallIds): Promise<void> {
    const found = await this.#managed(identity, id);
    if (callIds) demandOfCall(found, callIds);
    await this.#erase(found.row);
  }

  /** For the server itself. One that is not there is no error. */
  async discard(id: string): Promise<void> {
    const row = await this.#deps.repository.findRow(id);
    if (row) await this.#erase(row);
  }

  /** Throws `recording_not_found`, or `not_found` when it has no file of this name. */
  async file(opener: Opener, id: string, name: string): Promise<FoundFile> {
    const { row, files } = await this.#open(opener, id);
    const file = files.find((one) => one.name === name);
    if (!file) throw new AppError('not_found', `The recording has no file "${name}".`);
    return { file, storage: this.storageOf(row.kind), storedIn: row.storage };
  }

  /** For whoever asks for its files or events. Throws `recording_not_found`. */
  async open(opener: Opener, id: string): Promise<RecordingResource> {
    return describeRecording(await this.#open(opener, id));
  }

  /** Tells each change of a recording. */
  watch(id: string, watcher: RecordingWatcher): Unsubscribe {
    return this.#deps.news.watch(id, watcher);
  }

  async #erase({ id, kind }: RecordingRow): Promise<void> {
    await this.#deps.makerOf(kind).remove(id);
    this.#deps.news.tellRemoved(id);
  }

  async #open(opener: Opener, id: string): Promise<FoundRecording> {
    if ('identity' in opener) return (await this.#visible(opener.identity, id)).found;
    const { recordingId } = await this.#deps.links.verify(opener.link);
    const found = recordingId === id ? await this.#deps.repository.find(id) : undefined;
    if (!found) throw recordingNotFound(id);
    return found;
  }

  /** What of it is public. */
  #demandPublic(kinds?: readonly RecordingRow['kind'][]): readonly RecordingRow['kind'][] {
    const { publicKinds } = this.#deps;
    if (publicKinds.length === 0) throw unauthenticated();
    return kinds ? publicKinds.filter((kind) => kinds.includes(kind)) : publicKinds;
  }

  async #managed(identity: Identity, id: string): Promise<FoundRecording> {
    const { found, rights } = await this.#visible(identity, id);
    if (rights.canManage) return found;
    throw new AppError('forbidden', 'Only the host of the call, or an admin, may do that.');
  }

  /** Whoever may not see a recording is not told that it exists. */
  async #visible(identity: Identity, id: string): Promise<{ found: FoundRecording; rights: Rights }> {
    const found = await this.#deps.repository.find(id);
    const rights = found && (await rightsTo(found, identity, this.#deps.repository));
    if (!found || !rights?.canSee) throw recordingNotFound(id);
    return { found, rights };
  }
}

/** A file, and where its bytes are. */
export interface FoundFile {
  readonly file: RecordingFileRow;
  readonly storage: StorageProvider;
  /** The provider that it was stored with; `storage` is that of now. */
  readonly storedIn: string | null;
}

/** A service acts for any user, but not in calls (SPEC 1). */
function visibleTo({ userId, roles }: Identity) {
  if (roles.has('admin')) return {};
  return { visibleTo: userId, ...(roles.has('service') && { orKinds: OUTSIDE_OF_CALLS }) };
}

/** How a call is named: its room id may have meant other calls before. */
export interface CallIds {
  readonly roomId: string;
}

function demandOfCall({ row }: FoundRecording, { roomId }: CallIds): void {
  if (row.kind !== 'call' || row.roomId !== roomId) throw recordingNotFound(row.id);
}
