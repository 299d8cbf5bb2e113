/** Wires recordings: what records calls, the jobs that make files of it, and the library that shows them. */
import { join } from 'node:path';
import { LinkTokens, type Tokens } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import type { Database, RecordingRow } from '../db/index.ts';
import type { CallRegistry } from '../engine/index.ts';
import { Jobs } from '../jobs/index.ts';
import { rememberedCheck, UndoStack } from '../lib/index.ts';
import {
  Library,
  libraryRoutes,
  RecordingNews,
  RecordingRepository,
  Retention,
  recordingFilesRoutes,
} from '../library/index.ts';
import type { Logger } from '../observability/index.ts';
import { Recordings } from '../recording/index.ts';
import { createStorage, FileLedger } from '../storage/index.ts';
import type { VideoCallsService } from '../video-calls/index.ts';
import { wireLiveRecorder } from './live-recorder.ts';

/** Anybody may ask whether the server is ready, and storages elsewhere take money for requests. */
const STORAGE_CHECK = {
  goodForMs: 60_000,
  patienceMs: 5_000,
  silence: 'The storage of recordings has not answered yet.',
};

/** From the start of the recordings until that of the uploads. */
const UPLOAD_SLACK_MS = 10_000;

export interface RecordingsDeps {
  readonly config: Config;
  readonly database: Database;
  readonly jwtSecret: string;
  readonly tokens: Tokens;
  readonly registry: CallRegistry;
  readonly service: VideoCallsService;
  readonly logger: Logger;
}

export async function wireRecordings(deps: RecordingsDeps) {
  const { config, database, jwtSecret, tokens, registry, service, logger } = deps;
  const undo = new UndoStack();
  try {
    const ledger = await FileLedger.create(join(config.dataDir, 'uploads'));
    const storage = undo.add(await createStorage(config.storage, ledger), (made) => made.close());
    const jobs = undo.add(await Jobs.create({ database, logger, isAlone: true }), (made) => made.close());
    const repository = new RecordingRepository(database.orm);
    const news = new RecordingNews();
    const recordings = undo.add(
      await Recordings.create({
        config: config.recording,
        dataDir: config.dataDir,
        repository,
        storage,
        news,
        registry,
        jobs,
        settingsOf: (call) => service.recordingSettings(call),
        logger,
      }),
      (made) => made.close(),
    );
    service.doors.events.on('opened', ({ call, recordsByItself }) =>
      recordings.callOpened(call, { recordsByItself }),
    );
    const live = undo.add(
      await wireLiveRecorder({
        config,
        database,
        jobs,
        storage,
        repository,
        news,
        demandSpace: () => recordings.demandSpace(),
        logger,
      }),
      async (made) => {
        await made.stop();
        await made.close();
      },
    );
    const makerOf = (kind: RecordingRow['kind']) => (kind === 'live' ? live.recorder : recordings);
    const library = new Library({
      repository,
      storageOf: (kind) => (kind === 'live' ? live.storage : storage),
      links: new LinkTokens(jwtSecret),
      news,
      makerOf,
      publicKinds: config.live.isPublic ? ['live'] : [],
    });
    const retention = undo.add(
      new Retention({
        repository,
        remove: (id) => library.discard(id),
        days: config.recording.retentionDays,
        logger,
      }),
      (made) => made.close(),
    );
    const { reconnectGraceMs, emptyTimeoutMs } = config.calls;
    // An upload that nobody goes on with is given up by itself, and before this.
    const uploadMs = config.ingest.uploads.lostMs + UPLOAD_SLACK_MS;
    await recordings.recover(Math.max(reconnectGraceMs, emptyTimeoutMs, uploadMs));
    retention.start();
    return {
      recordings,
      library,
      live,
      repository,
      readiness: {
        storage: rememberedCheck(() => storage.check(), STORAGE_CHECK),
        disk: () => recordings.demandSpace(),
      },
      routes: [libraryRoutes({ library, tokens }), recordingFilesRoutes({ library, tokens })] as const,
      /** Ends the segments in good order. To be called while the calls still live. */
      stopCapturing: () => recordings.close(),
      /** Ends jobs, which go on with the next run, and lets go of the storage. */
      async close(): Promise<void> {
        retention.close();
        await live.stop();
        await recordings.close();
        await jobs.close();
        await live.close();
        await storage.close();
      },
    };
  } catch (error) {
    await undo.unwind();
    throw error;
  }
}
