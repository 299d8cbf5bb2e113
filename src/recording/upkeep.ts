/**
 * Sees to it that no recording stays half done: what a killed server left is found, in the database and in the folders, and
 * goes on; and what could not be written down at its time is written down later. The same look serves both.
 */
import { Value } from '@sinclair/typebox/value';
import type { RecordingRow } from '../db/index.ts';
import type { Call } from '../engine/index.ts';
import type { Queue } from '../jobs/index.ts';
import type { RecordingRepository } from '../library/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import type { CallRecorder } from './call-recorder.ts';
import { hasMedia, lastWordOf } from './capture/index.ts';
import type { RecordingFolders } from './folders.ts';
import { RecordingPlan, readPlan } from './plan.ts';
import { toRow } from './plan-row.ts';
import type { Removal } from './removal.ts';

export interface UpkeepDeps {
  readonly repository: RecordingRepository;
  readonly folders: RecordingFolders;
  readonly queue: Queue;
  readonly recorder: CallRecorder;
  readonly removal: Removal;
  readonly logger: Logger;
}

const LOOK_INTERVAL_MS = 15_000;

export class Upkeep {
  readonly #deps: UpkeepDeps;
  /** Recordings of an earlier run whose calls may still come back, by call id. */
  readonly #awaited = new Map<string, RecordingPlan>();
  /** Folders of which nothing can be made. */
  readonly #leftAlone = new Set<string>();
  #patience: Timer | undefined;
  #interval: Timer | undefined;
  #isClosed = false;

  constructor(deps: UpkeepDeps) {
    this.#deps = deps;
  }

  /** Finds what an earlier run left. Calls that are not back after `patienceMs` do not come back. */
  async begin(patienceMs: number): Promise<void> {
    const { repository, folders, logger } = this.#deps;
    await folders.emptyTrash();
    await this.#adoptFolders();
    for (const row of await repository.findUnfinished()) {
      const plan = Value.Check(RecordingPlan, row.plan) ? row.plan : undefined;
      if (row.status === 'recording' && plan && (await this.#mayGoOn(row))) {
        this.#awaited.set(plan.callId, plan);
        logger.info({ recordingId: row.id, callId: plan.callId }, 'a recording waits for its call');
      }
    }
    this.#patience = setTimeout(() => {
      this.#awaited.clear();
      this.#lookInBackground();
    }, patienceMs);
    this.#interval = setInterval(() => this.#lookInBackground(), LOOK_INTERVAL_MS);
    await this.look();
  }

  /** To be called when a call begins to live. Resolves to whether a recording goes on in it. */
  async callOpened(call: Call): Promise<boolean> {
    const plan = this.#awaited.get(call.callId);
    if (!plan) return false;
    try {
      return await this.#deps.recorder.resume(call, plan);
    } finally {
      this.#awaited.delete(call.callId);
    }
  }

  /** The call does not come back. Resolves when what was captured of it is on its way to be made into files, or taken away. */
  async callGivenUp(callId: string): Promise<void> {
    this.#awaited.delete(callId);
    await this.look();
  }

  /** Whatever is neither held by the recorder nor awaited is handed on to where it belongs. */
  async look(): Promise<void> {
    const { repository, queue, recorder, removal } = this.#deps;
    await this.#adoptFolders();
    for (const { id } of await repository.findDeleted()) {
      await this.#unlessItFails(id, () => removal.remove(id));
    }
    const isAwaited = (id: string) =>
      [...this.#awaited.values()].some(({ recordingId }) => recordingId === id);
    for (const { id, status, kind } of await repository.findUnfinished()) {
      // Those are made by who takes them.
      if (kind === 'live' || this.#isClosed) continue;
      if (status === 'recording' && (recorder.isHeld(id) || isAwaited(id))) continue;
      await this.#unlessItFails(id, async () => {
        if (status === 'recording') await this.#endCapture(id, kind);
        else await queue.send(id);
      });
    }
  }

  /** Has a recording made into files; what cannot be written down now is, as soon as it can be. Never rejects. */
  async handOver(id: string): Promise<void> {
    const { repository, queue, logger } = this.#deps;
    try {
      await repository.endCapture(id);
      await queue.send(id);
    } catch (error) {
      logger.warn(
        { err: error, recordingId: id },
        'a recording waits for the database to be made into files',
      );
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#patience);
    clearInterval(this.#interval);
  }

  /** Of an upload that never came, or a phone that nobody answered, nobody needs to hear. */
  async #endCapture(id: string, kind: RecordingRow['kind']): Promise<void> {
    const { repository, queue, removal, folders } = this.#deps;
    if (kind !== 'call' && !(await hasMedia(folders.of(id)))) return removal.remove(id);
    await repository.endCapture(id);
    await queue.send(id);
  }

  /** What is wrong with one recording costs the others nothing; it is looked at again the next time. */
  async #unlessItFails(id: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#deps.logger.warn({ err: error, recordingId: id }, 'a recording could not be looked after');
    }
  }

  #lookInBackground(): void {
    runInBackground(this.look(), 'looking after recordings', this.#deps.logger);
  }

  /** One that was stopped, and whose stop did not reach the database any more, does not go on. */
  async #mayGoOn({ id }: RecordingRow): Promise<boolean> {
    const lastWord = await lastWordOf(this.#deps.folders.of(id));
    return lastWord?.type !== 'closed' || lastWord.reason === 'server-stopped';
  }

  /** A database that was lost, crashed, or is older than the folders, gets their rows again; what is completed needs no folder. */
  async #adoptFolders(): Promise<void> {
    const { repository, folders, recorder } = this.#deps;
    for (const id of await folders.list()) {
      if (recorder.isHeld(id) || this.#leftAlone.has(id)) continue;
      const row = await repository.findRow(id);
      if (row?.status === 'completed') await this.#unlessItFails(id, () => folders.remove(id));
      if (!row) await this.#unlessItFails(id, () => this.#adopt(id));
    }
  }

  async #adopt(id: string): Promise<void> {
    const { repository, folders, logger } = this.#deps;
    const plan = await readPlan(folders.of(id));
    if (plan?.recordingId !== id) {
      this.#leftAlone.add(id);
      logger.warn({ recordingId: id }, 'a folder without a plan of its own and without a row is left alone');
      return;
    }
    const call = await repository.findCall(plan.callId, plan.startedBy ?? '');
    await repository.insert({
      ...toRow(plan),
      status: 'processing',
      phase: 'waiting',
      callId: call ? plan.callId : null,
    });
    logger.warn({ recordingId: id }, 'a recording was found by its folder alone');
  }
}
