/** Live streams and what is special to their recordings, as rows: nothing but queries. */
import { and, eq, inArray, isNotNull, isNull, max, ne } from 'drizzle-orm';
import {
  LIVE_STREAMS_OBJECT_KEY_CONSTRAINT,
  type LiveStreamRow,
  liveStreams,
  type NewRecordingRow,
  type Orm,
  type RecordingRow,
  recordings,
  violatedConstraint,
} from '../db/index.ts';

export type NewLiveStream = Pick<
  LiveStreamRow,
  'streamId' | 'streamKey' | 'playlistUrl' | 'startedAt' | 'endedAt'
>;

export interface UnfinishedStream {
  readonly stream: LiveStreamRow;
  readonly recording: RecordingRow;
}

export class LiveStreamRepository {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  /** Both rows, or none when the stream was told of before: a stream is recorded once. Resolves to whether they are new. */
  async begin(stream: NewLiveStream, recording: NewRecordingRow & { readonly id: string }): Promise<boolean> {
    return this.#orm.transaction(async (tx) => {
      const inserted = await tx
        .insert(liveStreams)
        .values(stream)
        .onConflictDoNothing({ target: liveStreams.streamId })
        .returning({ streamId: liveStreams.streamId });
      if (inserted.length === 0) return false;
      await tx.insert(recordings).values(recording);
      await tx
        .update(liveStreams)
        .set({ recordingId: recording.id })
        .where(eq(liveStreams.streamId, stream.streamId));
      return true;
    });
  }

  async find(streamId: string): Promise<LiveStreamRow | undefined> {
    const [row] = await this.#orm.select().from(liveStreams).where(eq(liveStreams.streamId, streamId));
    return row;
  }

  async findOfRecording(recordingId: string): Promise<LiveStreamRow | undefined> {
    const [row] = await this.#orm.select().from(liveStreams).where(eq(liveStreams.recordingId, recordingId));
    return row;
  }

  async findUnfinished(): Promise<UnfinishedStream[]> {
    const rows = await this.#orm
      .select({ stream: liveStreams, recording: recordings })
      .from(liveStreams)
      .innerJoin(recordings, eq(recordings.id, liveStreams.recordingId))
      .where(and(inArray(recordings.status, ['recording', 'processing']), isNull(recordings.deletedAt)));
    return rows;
  }

  /** Those whose deletion has begun and was cut off. */
  async findDeleted(): Promise<string[]> {
    const rows = await this.#orm
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(eq(recordings.kind, 'live'), isNotNull(recordings.deletedAt)));
    return rows.map(({ id }) => id);
  }

  /** Resolves to whether it had not ended before. */
  async noteEnded(streamId: string, endedAt: Date): Promise<boolean> {
    const changed = await this.#orm
      .update(liveStreams)
      .set({ endedAt })
      .where(and(eq(liveStreams.streamId, streamId), isNull(liveStreams.endedAt)))
      .returning({ streamId: liveStreams.streamId });
    return changed.length > 0;
  }

  /** Of one whose end was told first. */
  async noteStarted(streamId: string, startedAt: Date): Promise<void> {
    await this.#orm
      .update(liveStreams)
      .set({ startedAt })
      .where(and(eq(liveStreams.streamId, streamId), isNull(liveStreams.startedAt)));
  }

  async noteTaken(streamId: string, takenUntil: Date): Promise<void> {
    await this.#orm.update(liveStreams).set({ takenUntil }).where(eq(liveStreams.streamId, streamId));
  }

  /** What lay in the bucket until then is of other streams of this key. */
  async findLeftoverUntil({ streamId, streamKey }: LiveStreamRow): Promise<Date | undefined> {
    const [row] = await this.#orm
      .select({ until: max(liveStreams.takenUntil) })
      .from(liveStreams)
      .where(and(eq(liveStreams.streamKey, streamKey), ne(liveStreams.streamId, streamId)));
    return row?.until ?? undefined;
  }

  /** How much there is; of one that is not recorded any more nothing changes. */
  async noteSize(recordingId: string, size: Pick<RecordingRow, 'duration' | 'fileSize'>): Promise<void> {
    await this.#orm
      .update(recordings)
      .set(size)
      .where(and(eq(recordings.id, recordingId), eq(recordings.status, 'recording')));
  }

  /** False when another recording is stored there. */
  async reserveKey(streamId: string, objectKey: string): Promise<boolean> {
    try {
      await this.#orm
        .update(liveStreams)
        .set({ objectKey })
        .where(and(eq(liveStreams.streamId, streamId), isNull(liveStreams.objectKey)));
      return true;
    } catch (error) {
      if (violatedConstraint(error) === LIVE_STREAMS_OBJECT_KEY_CONSTRAINT) return false;
      throw error;
    }
  }

  /** False when it has one already. */
  async noteVideo(recordingId: string, videoId: string): Promise<boolean> {
    const changed = await this.#orm
      .update(recordings)
      .set({ videoId })
      .where(and(eq(recordings.id, recordingId), isNull(recordings.videoId)))
      .returning({ id: recordings.id });
    return changed.length > 0;
  }
}
