/** The job that makes files out of what was captured: composes, stores, verifies, and only then lets the folder go. */
import type { RecordingRow } from '../db/index.ts';
import type { Attempt } from '../jobs/index.ts';
import { AppError } from '../lib/index.ts';
import type { RecordingRepository } from '../library/index.ts';
import type { Logger } from '../observability/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import type { Announcer } from './announcer.ts';
import { type FinishedFile, finishRecording } from './finish/index.ts';
import { explainFolderTrouble } from './folder-trouble.ts';
import type { RecordingFolders } from './folders.ts';
import { keyOf } from './keys.ts';
import { ProgressNotes } from './progress-notes.ts';

export interface FinishingDeps {
  readonly repository: RecordingRepository;
  readonly storage: StorageProvider;
  readonly folders: RecordingFolders;
  readonly announcer: Announcer;
  readonly logger: Logger;
}

/** What is no passing trouble is not tried for a day: a file that cannot be composed will not be tomorrow. */
const MAX_ATTEMPTS_OF_LASTING_TROUBLE = 3;
/** How much of the whole is the making of the files; the rest is their storing. */
const MAKING_SHARE = 0.9;

export class Finishing {
  readonly #deps: FinishingDeps;

  constructor(deps: FinishingDeps) {
    this.#deps = deps;
  }

  /** May be called again for one that is finished, or was cut off anywhere. Rejects when it is to be tried again. */
  async run(id: string, attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { repository, folders, logger } = this.#deps;
    const row = await repository.findRow(id);
    if (!row || row.deletedAt) return;
    if (row.status === 'completed') return folders.remove(id);
    if (row.status !== 'processing') return;
    try {
      await this.#finish(row, signal);
    } catch (failure) {
      if (signal.aborted) throw failure;
      const error = explainFolderTrouble(failure);
      const reason = error instanceof AppError ? error.message : 'It could not be made into files.';
      const isGivenUp = attempt.isLast || isLasting(error, attempt);
      const fault = error instanceof AppError ? error.fault : 'server';
      const facts = { recordingId: id, attempt: attempt.number, fault, isGivenUp };
      logger.warn({ err: error, ...facts }, 'finishing a recording failed');
      if (isGivenUp) return this.#fail(id, reason);
      await this.#note(id, { phase: 'waiting', progress: 0, failureReason: reason });
      throw error;
    }
  }

  async #finish(row: RecordingRow, signal: AbortSignal): Promise<void> {
    const { id } = row;
    const { repository, folders, announcer, logger, storage } = this.#deps;
    const notes = new ProgressNotes((phase, progress) => this.#note(id, { phase, progress }), logger);
    try {
      const result = await finishRecording(folders.of(id), {
        signal,
        onProgress: (phase, progress) => notes.take(phase, progress * MAKING_SHARE),
        logger: logger.child({ recordingId: id }),
      });
      const files = await this.#store(row, result.files, { signal, notes });
      await notes.close();
      signal.throwIfAborted();
      const main =
        result.files.find(({ kind }) => kind === 'composed' || kind === 'audio') ?? result.files[0];
      await repository.complete(
        id,
        {
          duration: Math.round(result.durationMs / 1_000),
          fileSize: files.reduce((sum, { size }) => sum + size, 0),
          filePath: main ? keyOf(row, main.name) : '',
          trackCount: result.tracks,
          storage: storage.name,
          startedAt: new Date(result.startedAtMs),
        },
        files,
      );
    } finally {
      await notes.close();
    }
    await folders.remove(id);
    await announcer.announce(id);
    logger.info({ recordingId: id }, 'a recording is completed');
  }

  async #store(
    row: RecordingRow,
    files: readonly FinishedFile[],
    { signal, notes }: { signal: AbortSignal; notes: ProgressNotes },
  ) {
    const { storage } = this.#deps;
    const total = files.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    const rows = [];
    for (const { name, kind, path, size, type, sha256 } of files) {
      const key = keyOf(row, name);
      const tell = (bytes: number) =>
        notes.take('storing', MAKING_SHARE + ((1 - MAKING_SHARE) * (done + bytes)) / Math.max(1, total));
      tell(0);
      await storage.put(key, path, { type, signal, onProgress: tell });
      done += size;
      rows.push({ recordingId: row.id, name, kind, size, type, key, sha256 });
    }
    return rows;
  }

  async #fail(id: string, reason: string): Promise<void> {
    await this.#deps.repository.fail(id, reason);
    await this.#deps.announcer.announce(id);
  }

  async #note(
    id: string,
    change: { phase: string; progress: number; failureReason?: string },
  ): Promise<void> {
    await this.#deps.repository.noteProgress(id, change);
    await this.#deps.announcer.announce(id);
  }
}

/** Nothing was captured, or it fails again and again for a reason that is no full disk, no storage and no database. */
function isLasting(error: unknown, { number }: Attempt): boolean {
  if (!(error instanceof AppError)) return number >= MAX_ATTEMPTS_OF_LASTING_TROUBLE;
  if (error.code === 'invalid_state') return true;
  return error.code !== 'unavailable' && number >= MAX_ATTEMPTS_OF_LASTING_TROUBLE;
}
