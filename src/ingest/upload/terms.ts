/** What an upload is given, what is known of it from its beginning, and how it may end. */
import type { IngestSessionRow } from '../../db/index.ts';
import type { Call } from '../../engine/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { UploadRecorder } from '../../recording/index.ts';
import type { UploadRepository } from './repository.ts';

export interface UploadSessionDeps {
  /** A live room of this id, nobody in it. Rejects with `unavailable`. */
  readonly openRoom: (sessionId: string) => Promise<Call>;
  readonly recorder: UploadRecorder;
  readonly repository: Pick<UploadRepository, 'insert' | 'end'>;
  /** How long a client may take to connect, and may be gone, in milliseconds. */
  readonly lostMs: number;
  readonly maxDurationMs: number;
  readonly logger: Logger;
}

export type UploadFacts = Pick<IngestSessionRow, 'id' | 'uuid' | 'ownerId' | 'name'>;

/** Why an upload ended; in its row. */
export type UploadEnd =
  | 'stopped'
  | 'connection-lost'
  | 'never-connected'
  | 'cancelled'
  | 'max-duration'
  | 'disk-full'
  | 'deleted'
  | 'call-ended';
