/** Everything that records calls, put together: begins, goes on with what an earlier run left, and ends in good order. */
import { join } from 'node:path';
import type { RecordingConfig } from '../config/index.ts';
import type { Call, CallRegistry } from '../engine/index.ts';
import type { Jobs, Queue } from '../jobs/index.ts';
import { AppError, Slots, UndoStack } from '../lib/index.ts';
import type { RecordingMaker, RecordingNews, RecordingRepository } from '../library/index.ts';
import { PortPairs } from '../media/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import type { RecordingRequest, RecordingState } from '../protocol/index.ts';
import type { StorageProvider } from '../storage/index.ts';
import { Announcer } from './announcer.ts';
import { CallRecorder } from './call-recorder.ts';
import { DiskGuard } from './disk-guard.ts';
import { Finishing } from './finishing.ts';
import { RecordingFolders } from './folders.ts';
import type { CallSettings } from './make-plan.ts';
import { planPhone } from './phone-plan.ts';
import type { PhoneRecorder, PhoneRecording } from './phone-recorder.ts';
import type { Recorder } from './recorder.ts';
import { Removal } from './removal.ts';
import { retriesFor } from './retries.ts';
import { Upkeep } from './upkeep.ts';
import { planUpload } from './upload-plan.ts';
import type { Upload, UploadRecorder } from './upload-recorder.ts';

export interface RecordingsOptions {
  readonly config: RecordingConfig;
  readonly dataDir: string;
  readonly repository: RecordingRepository;
  readonly storage: StorageProvider;
  readonly news: RecordingNews;
  readonly registry: CallRegistry;
  readonly jobs: Jobs;
  readonly settingsOf: (call: Call) => Promise<CallSettings>;
  readonly logger: Logger;
}

const QUEUE = 'finish-recording';
/** Each start of a reader takes the processor for a moment. */
const MAX_STARTS_AT_ONCE = 4;

interface Parts {
  readonly config: RecordingConfig;
  readonly repository: RecordingRepository;
  readonly recorder: CallRecorder;
  readonly upkeep: Upkeep;
  readonly removal: Removal;
  readonly announcer: Announcer;
  readonly queue: Queue;
  readonly disk: DiskGuard;
  readonly logger: Logger;
}

export class Recordings implements Recorder, RecordingMaker, UploadRecorder, PhoneRecorder {
  readonly #parts: Parts;
  #closed: Promise<void> | undefined;

  static async create(options: RecordingsOptions): Promise<Recordings> {
    const { config, dataDir, repository, storage, news, registry, jobs, settingsOf, logger } = options;
    const undo = new UndoStack();
    try {
      const folders = new RecordingFolders(join(dataDir, 'capture'));
      const announcer = new Announcer({ repository, news, registry });
      const finishing = new Finishing({ repository, storage, folders, announcer, logger });
      const queue = await jobs.work({
        name: QUEUE,
        concurrency: config.jobs,
        ...retriesFor(config.retryForMs),
        run: (id, attempt, signal) => finishing.run(id, attempt, signal),
      });
      const disk = undo.add(
        new DiskGuard({
          folder: folders.root,
          minFreeBytes: config.diskMinFreeBytes,
          logger,
          onFull: () => recorder.endAll('disk-full'),
        }),
        (made) => made.close(),
      );
      const recorder: CallRecorder = new CallRecorder({
        config,
        repository,
        folders,
        ports: new PortPairs(config.ports),
        starts: new Slots(MAX_STARTS_AT_ONCE),
        disk,
        announcer,
        settingsOf,
        handOver: async (id) => {
          await upkeep.handOver(id);
          runInBackground(announcer.announce(id), 'telling of a recording', logger);
        },
        logger,
      });
      const removal = new Removal({ repository, recorder, queue, folders, storage });
      const upkeep: Upkeep = new Upkeep({ repository, folders, queue, recorder, removal, logger });
      return new Recordings({
        config,
        repository,
        recorder,
        upkeep,
        removal,
        announcer,
        queue,
        disk,
        logger,
      });
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  get runningCount(): number {
    return this.#parts.recorder.running.length;
  }

  /** Process ids of the readers of all recordings that run. */
  get readerPids(): number[] {
    return this.#parts.recorder.running.flatMap(({ readerPids }) => readerPids);
  }

  /** Rejects with `unavailable`, and the reason, while no recording can begin for want of space. */
  demandSpace(): Promise<void> {
    return this.#parts.disk.demandSpace();
  }

  /** Takes up what an earlier run left; its calls may come back within `patienceMs`. */
  recover(patienceMs: number): Promise<void> {
    return this.#parts.upkeep.begin(patienceMs);
  }

  /** Hands on whatever neither runs nor waits for its call; done by itself every 15 s. */
  look(): Promise<void> {
    return this.#parts.upkeep.look();
  }

  start(call: Call, startedBy: string | null, request: RecordingRequest): Promise<RecordingState> {
    return this.#parts.recorder.start(call, startedBy, request);
  }

  stop(call: Call): Promise<RecordingState> {
    return this.#parts.recorder.stop(call, 'stopped');
  }

  /** To be called when a call begins to live: goes on with its recording, or begins one with its first participant. */
  callOpened(call: Call, { recordsByItself }: { readonly recordsByItself: boolean }): void {
    const { upkeep, recorder, logger } = this.#parts;
    const goesOn = upkeep.callOpened(call);
    runInBackground(goesOn, 'going on with a recording', logger);
    if (!recordsByItself) return;
    const stopListening = call.events.on('participantJoined', (participant) => {
      if (participant.isHidden) return;
      stopListening();
      // One that could not go on is no reason to record nothing.
      const starting = goesOn
        .catch(() => false)
        .then((isGoing) => (isGoing ? undefined : recorder.start(call, null, {})));
      runInBackground(starting, 'recording a call by itself', logger);
    });
  }

  async startUpload(call: Call, upload: Upload): Promise<void> {
    const { recorder, config } = this.#parts;
    await recorder.startAs(call, planUpload(config, call, upload));
  }

  async startPhone(call: Call, recording: PhoneRecording): Promise<void> {
    const { recorder, config } = this.#parts;
    await recorder.startAs(call, planPhone(config, call, recording));
  }

  suspend(call: Call): Promise<void> {
    return this.#parts.recorder.suspend(call);
  }

  ready(call: Call): Promise<void> {
    return this.#parts.recorder.ready(call);
  }

  goOn(call: Call): Promise<boolean> {
    return this.#parts.upkeep.callOpened(call);
  }

  giveUp(id: string): Promise<void> {
    return this.#parts.upkeep.callGivenUp(id);
  }

  async retry(id: string): Promise<void> {
    const { repository, queue, announcer } = this.#parts;
    if (!(await repository.beginAgain(id))) {
      throw new AppError(
        'conflict',
        'Only a recording that failed, or waits for another attempt, can be made again.',
      );
    }
    // The attempt that it waits for would come too late.
    await queue.cancel(id);
    await queue.send(id);
    await announcer.announce(id);
  }

  remove(id: string): Promise<void> {
    return this.#parts.removal.remove(id);
  }

  /** Ends captures so that they can go on with the next run. Twice is no error. */
  close(): Promise<void> {
    const { upkeep, disk, recorder } = this.#parts;
    upkeep.close();
    disk.close();
    this.#closed ??= recorder.close();
    return this.#closed;
  }
}
