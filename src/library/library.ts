/** Recordings as people meet them, whatever made them: seen, watched, handed out, deleted. */
import type { Identity, LinkTokens, Opener } from '../auth/index.ts';
import type { RecordingFileRow } from '../db/index.ts';
import { paginate, toPage } from '../http/index.ts';
import { AppError, type Unsubscribe } from '../lib/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import { type Rights, recordingNotFound, rightsTo } from './access.ts';
import type { Link, RecordingList, RecordingResource, RecordingsQuery } from './model.ts';
import type { RecordingNews } from './news.ts';
import type { FoundRecording, RecordingRepository } from './repository.ts';
import { describeRecording } from './resource.ts';

/** Who makes files out of recordings; another part of the server. */
export interface RecordingMaker {
  /** Has one made again at once. Rejects with `conflict` when it neither failed nor waits for another attempt. */
  retry(id: string): Promise<void>;
  /** Ends whatever is done with it, then deletes all of it. Resolves when nothing is left. Twice is no error. */
  remove(id: string): Promise<void>;
}

export interface LibraryDeps {
  readonly repository: RecordingRepository;
  readonly storage: StorageProvider;
  readonly links: LinkTokens;
  readonly news: RecordingNews;
  readonly maker: RecordingMaker;
}

export class Library {
  readonly #deps: LibraryDeps;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
  }

  get storage(): StorageProvider {
    return this.#deps.storage;
  }

  async list(identity: Identity, query: RecordingsQuery): Promise<RecordingList> {
    const page = toPage(query);
    const { found, total } = await this.#deps.repository.list(
      {
        ...(identity.roles.has('admin') ? {} : { visibleTo: identity.userId }),
        kinds: query.kind && [query.kind],
        status: query.status,
        roomId: query.room_id,
      },
      page,
    );
    return { recordings: found.map(describeRecording), pagination: paginate(page, total) };
  }

  /** Throws `recording_not_found`, also for those who may not see it. */
  async get(identity: Identity, id: string): Promise<RecordingResource> {
    return describeRecording((await this.#visible(identity, id)).found);
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
    await this.#managed(identity, id);
    await this.#deps.maker.retry(id);
    return this.get(identity, id);
  }

  /** Resolves when nothing of it is left. Throws `forbidden` for those who see it and may not. */
  async remove(identity: Identity, id: string, callIds?: CallIds): Promise<void> {
    const found = await this.#managed(identity, id);
    if (callIds) demandOfCall(found, callIds);
    await this.#deps.maker.remove(id);
  }

  /** Throws `recording_not_found`, or `not_found` when it has no file of this name. */
  async file(opener: Opener, id: string, name: string): Promise<RecordingFileRow> {
    const { files } = await this.#open(opener, id);
    const file = files.find((one) => one.name === name);
    if (!file) throw new AppError('not_found', `The recording has no file "${name}".`);
    return file;
  }

  /** For whoever asks for its files or events. Throws `recording_not_found`. */
  async open(opener: Opener, id: string): Promise<RecordingResource> {
    return describeRecording(await this.#open(opener, id));
  }

  /** Tells each change of a recording. */
  watch(id: string, listener: (recording: RecordingResource) => void): Unsubscribe {
    return this.#deps.news.watch(id, listener);
  }

  async #open(opener: Opener, id: string): Promise<FoundRecording> {
    if ('identity' in opener) return (await this.#visible(opener.identity, id)).found;
    const { recordingId } = await this.#deps.links.verify(opener.link);
    const found = recordingId === id ? await this.#deps.repository.find(id) : undefined;
    if (!found) throw recordingNotFound(id);
    return found;
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

/** How a call is named: its room id may have meant other calls before. */
export interface CallIds {
  readonly roomId: string;
}

function demandOfCall({ row }: FoundRecording, { roomId }: CallIds): void {
  if (row.kind !== 'call' || row.roomId !== roomId) throw recordingNotFound(row.id);
}
