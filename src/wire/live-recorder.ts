/** Wires live streams that record themselves: their recorder, their storage, and whom they are told by. */
import { join } from 'node:path';
import type { Tokens } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import type { Database } from '../db/index.ts';
import type { Jobs } from '../jobs/index.ts';
import { UndoStack } from '../lib/index.ts';
import {
  describeRecording,
  type Library,
  type RecordingNews,
  type RecordingRepository,
} from '../library/index.ts';
import {
  importRoutes,
  LiveRecorder,
  LiveStreamRepository,
  liveRecordingsRoutes,
  Polling,
  StreamService,
  VodImport,
  webhookRoutes,
} from '../live-recorder/index.ts';
import type { Logger } from '../observability/index.ts';
import { RecordingFolders } from '../recording/index.ts';
import { createStorage, FileLedger, type StorageProvider } from '../storage/index.ts';

export interface LiveRecorderWireDeps {
  readonly config: Config;
  readonly database: Database;
  readonly jobs: Jobs;
  /** Of all recordings. */
  readonly storage: StorageProvider;
  readonly repository: RecordingRepository;
  readonly news: RecordingNews;
  readonly demandSpace: () => Promise<void>;
  readonly logger: Logger;
}

/** Belongs to the recordings, whose library has what it makes. */
export async function wireLiveRecorder(deps: LiveRecorderWireDeps) {
  const { config, database, jobs, repository, news, demandSpace, logger } = deps;
  const { live, recording } = config;
  const undo = new UndoStack();
  try {
    const ledger = await FileLedger.create(join(config.dataDir, 'uploads-live'));
    const bucket = undo.add(await createStorage(live.source, ledger), (made) => made.close());
    const own = live.storage && undo.add(await createStorage(live.storage, ledger), (made) => made.close());
    const storage = own ?? deps.storage;
    const streams = new LiveStreamRepository(database.orm);
    const announce = async (id: string) => {
      const found = await repository.find(id);
      if (found) news.tell(describeRecording(found));
    };
    const recorder = undo.add(
      await LiveRecorder.create({
        streams,
        recordings: repository,
        folders: new RecordingFolders(join(config.dataDir, 'live')),
        jobs,
        bucket,
        storage,
        place: live.storage?.bucket ?? 'recordings',
        demandSpace,
        announce,
        limits: { ...live, jobs: recording.jobs, retryForMs: recording.retryForMs },
        logger,
      }),
      (made) => made.close(),
    );
    const service =
      live.streamServiceUrl === undefined ? undefined : new StreamService(live.streamServiceUrl);
    const polling = service && new Polling({ service, recorder, intervalMs: live.monitorIntervalMs, logger });
    return {
      recorder,
      storage,
      routes: ({ library, tokens }: { readonly library: Library; readonly tokens: Tokens }) => {
        const vodImport = new VodImport({ service: live.vod, library, streams, announce });
        const webhook = { secret: live.webhookSecret, demandsSignature: live.demandsSignature };
        const routes = { recorder, library, vodImport, tokens, webhook, logger };
        return [webhookRoutes(routes), liveRecordingsRoutes(routes), importRoutes(routes)] as const;
      },
      /** Goes on with what an earlier run left, and asks the stream service from now on. */
      async start(): Promise<void> {
        await recorder.start();
        polling?.start();
      },
      /** Looks at no stream any more: they go on with the next run. To be called before the jobs end. */
      async stop(): Promise<void> {
        await polling?.close();
        await recorder.close();
      },
      /** To be called after the jobs have ended. */
      async close(): Promise<void> {
        await own?.close();
        await bucket.close();
      },
    };
  } catch (error) {
    await undo.unwind();
    throw error;
  }
}
