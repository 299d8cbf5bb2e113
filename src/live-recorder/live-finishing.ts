/** The job that makes one MP4 of what was taken of a stream: joins, stores, verifies, and only then lets the segments go. */
import type { LiveStreamRow, RecordingRow } from '../db/index.ts';
import type { Attempt } from '../jobs/index.ts';
import { AppError } from '../lib/index.ts';
import type { RecordingRepository } from '../library/index.ts';
import type { Logger } from '../observability/index.ts';
import { ProgressNotes, type RecordingFolders } from '../recording/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import { joinSegments } from './finish/join-segments.ts';
import { reserveObjectKey } from './object-key.ts';
import type { LiveStreamRepository } from './repository.ts';
import { Journal } from './segments/journal.ts';

export interface LiveFinishingDeps {
  readonly recordings: RecordingRepository;
  readonly streams: LiveStreamRepository;
  readonly storage: StorageProvider;
  /** The bucket or the folder as `file_path` names it. */
  readonly place: string;
  readonly folders: RecordingFolders;
  readonly announce: (recordingId: string) => Promise<void>;
  readonly logger: Logger;
}

const MAX_ATTEMPTS_OF_LASTING_TROUBLE = 3;
/** How much of the whole is the making of the file; the rest is its storing. */
const MAKING_SHARE = 0.5;

export class LiveFinishing {
  readonly #deps: LiveFinishingDeps;

  constructor(deps: LiveFinishingDeps) {
    this.#deps = deps;
  }

  /** May be called again for one that is finished, or was cut off anywhere. Rejects when it is to be tried again. */
  async run(id: string, attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { recordings, streams, folders, announce, logger } = this.#deps;
    const row = await recordings.findRow(id);
    if (!row || row.deletedAt) return;
    if (row.status === 'completed') return folders.remove(id);
    const stream = row.status === 'processing' ? await streams.findOfRecording(id) : undefined;
    if (!stream) return;
    const facts = { recordingId: id, streamId: stream.streamId };
    try {
      await this.#finish(row, stream, { signal, logger: logger.child(facts) });
    } catch (error) {
      if (signal.aborted) throw error;
      const isGivenUp = attempt.isLast || isLasting(error, attempt);
      const reason = error instanceof AppError ? error.message : 'It could not be made into a file.';
      logger.warn(
        { err: error, ...facts, attempt: attempt.number, isGivenUp },
        'finishing a live recording failed',
      );
      if (isGivenUp) await recordings.fail(id, reason);
      else await recordings.noteProgress(id, { phase: 'waiting', progress: 0, failureReason: reason });
      await announce(id);
      if (!isGivenUp) throw error;
    }
  }

  async #finish(
    { id, startedAt, failureReason }: RecordingRow,
    stream: LiveStreamRow,
    { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
  ): Promise<void> {
    const { recordings, storage, place, folders, announce } = this.#deps;
    const journal = await Journal.open(folders.of(id));
    const notes = new ProgressNotes((phase, progress) => this.#note(id, phase, progress), logger);
    try {
      if (journal.segments.length === 0) throw nothingToJoin(journal, failureReason);
      const made = await joinSegments({
        journal,
        signal,
        onProgress: (progress) => notes.take('concatenating', progress * MAKING_SHARE),
        logger,
      });
      const key = await reserveObjectKey(stream, { repository: this.#deps.streams, storage });
      const tell = (bytes: number) =>
        notes.take('storing', MAKING_SHARE + ((1 - MAKING_SHARE) * bytes) / Math.max(1, made.size));
      tell(0);
      await storage.put(key, made.path, { type: 'video/mp4', signal, onProgress: tell });
      await notes.close();
      signal.throwIfAborted();
      const { size, sha256, tracks, durationSeconds } = made;
      const filePath = `${place}/${key}`;
      await recordings.complete(
        id,
        {
          duration: Math.round(durationSeconds),
          fileSize: size,
          filePath,
          trackCount: tracks,
          storage: storage.name,
          startedAt,
        },
        [{ recordingId: id, name: key, kind: 'composed', size, type: 'video/mp4', key, sha256 }],
      );
      logger.info({ holes: journal.holes.length }, `Recording completed: ${filePath}`);
    } finally {
      await notes.close();
      await journal.close();
    }
    await folders.remove(id);
    await announce(id);
  }

  async #note(id: string, phase: string, progress: number): Promise<void> {
    await this.#deps.recordings.noteProgress(id, { phase, progress });
    await this.#deps.announce(id);
  }
}

/** With what was wrong with the last of them. */
function nothingToJoin(journal: Journal, problem: string | null): AppError {
  const why = journal.holes.at(-1)?.reason ?? problem;
  const message = `The stream ended and not one of its segments could be recorded.${why ? ` ${why}` : ''}`;
  return new AppError('invalid_state', message);
}

/** It fails again and again for a reason that is no full disk, no storage and no database. */
function isLasting(error: unknown, { number }: Attempt): boolean {
  if (!(error instanceof AppError)) return number >= MAX_ATTEMPTS_OF_LASTING_TROUBLE;
  if (error.code === 'invalid_state') return true;
  return error.code !== 'unavailable' && number >= MAX_ATTEMPTS_OF_LASTING_TROUBLE;
}
