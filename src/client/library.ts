/** The recordings that somebody may see, over the server's routes: listed, watched, played, deleted. */
import { LibraryError, LibraryRequests, type LibraryRequestsOptions } from './library-requests.ts';
import { parseRecording, parseRecordingPage, type Recording, type RecordingPage } from './recording.ts';
import { type RecordingWatcher, watchRecording } from './recording-watch.ts';

export interface RecordingsQuery {
  /** From 1. */
  readonly page?: number;
  /** 1 to 100; 20 unless said otherwise. */
  readonly limit?: number;
  readonly roomId?: string;
  readonly status?: Recording['status'];
}

/** Opens the files and events of one recording to whoever has it, for ten minutes. */
export interface RecordingLink {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Everything here rejects with a `LibraryError`: `unauthenticated`, `forbidden`, `recording_not_found`, `unreachable` … */
export class RecordingLibrary {
  readonly #requests: LibraryRequests;

  constructor(options: LibraryRequestsOptions) {
    this.#requests = new LibraryRequests(options);
  }

  /** Newest first. */
  async list({ page, limit, roomId, status }: RecordingsQuery = {}): Promise<RecordingPage> {
    const query = new URLSearchParams();
    const fields = { page, limit, room_id: roomId, status };
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) query.set(name, String(value));
    }
    return understood(parseRecordingPage(await this.#requests.send('GET', `/recordings?${query}`)));
  }

  async get(id: string): Promise<Recording> {
    return understood(parseRecording(await this.#requests.send('GET', pathOf(id))));
  }

  /** With all its files. Resolves when nothing of it is left. */
  async remove(id: string): Promise<void> {
    await this.#requests.send('DELETE', pathOf(id));
  }

  /** Has the files of one that failed made again. Rejects with `conflict` when it has not failed. */
  async retry(id: string): Promise<Recording> {
    return understood(parseRecording(await this.#requests.send('POST', `${pathOf(id)}/retry`)));
  }

  async link(id: string): Promise<RecordingLink> {
    return understood(parseLink(await this.#requests.send('POST', `${pathOf(id)}/link`)));
  }

  /** For players, images and downloads, which send no headers. Works for as long as the link does. */
  fileUrl(id: string, name: string, { token, isDownload = false }: FileUrlOptions): string {
    const url = this.#requests.urlOf(`${pathOf(id)}/files/${encodeURIComponent(name)}`);
    url.searchParams.set('token', token);
    if (isDownload) url.searchParams.set('download', '1');
    return url.href;
  }

  /** Tells how it is now and each change, over lost connections too. The returned function stops it. */
  watch(id: string, watcher: RecordingWatcher): () => void {
    const open = async () => {
      const { token } = await this.link(id);
      const url = this.#requests.urlOf(`${pathOf(id)}/events`);
      url.searchParams.set('token', token);
      return new EventSource(url);
    };
    return watchRecording(open, watcher);
  }
}

export interface FileUrlOptions {
  /** Of a link. */
  readonly token: string;
  /** Whether the browser is to keep the file, and not to show it. */
  readonly isDownload?: boolean;
}

function pathOf(id: string): string {
  return `/recordings/${encodeURIComponent(id)}`;
}

function parseLink(value: unknown): RecordingLink | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { token, expiresAt } = { token: undefined, expiresAt: undefined, ...value };
  if (typeof token !== 'string' || typeof expiresAt !== 'string') return undefined;
  return { token, expiresAt: new Date(expiresAt) };
}

function understood<T>(value: T | undefined): T {
  if (value === undefined) throw new LibraryError('internal', 'The server gave an answer of another form.');
  return value;
}
