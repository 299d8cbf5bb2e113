/** Records calls: begins, goes on after a restart, ends, and hands over what was captured to be made into files. */
import type { RecordingConfig } from '../config/index.ts';
import type { Call } from '../engine/index.ts';
import { AppError, KeyedQueue, type Slots } from '../lib/index.ts';
import type { RecordingRepository } from '../library/index.ts';
import type { PortPairs } from '../media/index.ts';
import { type Logger, runInBackground } from '../observability/index.ts';
import type { RecordingRequest, RecordingState, RecordingStopReason } from '../protocol/index.ts';
import type { Announcer } from './announcer.ts';
import type { DiskGuard } from './disk-guard.ts';
import { explainFolderTrouble } from './folder-trouble.ts';
import type { RecordingFolders } from './folders.ts';
import { type CallSettings, makePlan } from './make-plan.ts';
import { kindOf, type RecordingPlan, writePlan } from './plan.ts';
import { toRow } from './plan-row.ts';
import { RunningCapture } from './running-capture.ts';

export interface CallRecorderDeps {
  readonly config: RecordingConfig;
  readonly repository: RecordingRepository;
  readonly folders: RecordingFolders;
  readonly ports: PortPairs;
  /** Bounds how many readers start at once. */
  readonly starts: Slots;
  readonly disk: Pick<DiskGuard, 'demandSpace'>;
  readonly announcer: Announcer;
  /** What a live call is set to, once its row is written. */
  readonly settingsOf: (call: Call) => Promise<CallSettings>;
  /** Has it made into files, now or as soon as that can be written down. Never rejects. */
  readonly handOver: (recordingId: string) => Promise<void>;
  readonly logger: Logger;
}

export class CallRecorder {
  readonly #deps: CallRecorderDeps;
  /** By call id: one thing at a time begins or ends in a call. */
  readonly #turns = new KeyedQueue<string>();
  /** By call id. */
  readonly #running = new Map<string, RunningCapture>();
  /** The call of each recording that begins, runs or ends here, by its id: from before its row is written until it is handed over. */
  readonly #held = new Map<string, string>();
  #isClosed = false;

  constructor(deps: CallRecorderDeps) {
    this.#deps = deps;
  }

  get running(): readonly RunningCapture[] {
    return [...this.#running.values()];
  }

  /** Whether it begins, runs or ends here: nobody else may take it up then. */
  isHeld(recordingId: string): boolean {
    return this.#held.has(recordingId);
  }

  /**
   * Rejects with `invalid_state` while a recording of the call runs, with its id in the details, and while nobody is there;
   * `forbidden` where the call is set so; `unavailable` without room on the disk.
   */
  start(call: Call, startedBy: string | null, request: RecordingRequest): Promise<RecordingState> {
    return this.#turns.run(call.callId, () => this.#start(call, { startedBy, request }));
  }

  /** The same, as this plan says. */
  startAs(call: Call, plan: RecordingPlan): Promise<RecordingState> {
    return this.#turns.run(call.callId, async () => {
      this.#demandIdle(call);
      await this.#deps.disk.demandSpace();
      return this.#record(call, plan);
    });
  }

  /** As `CallCapture.ready`; at once when none runs. */
  async ready(call: Call): Promise<void> {
    await this.#running.get(call.callId)?.ready();
  }

  /** Resolves when all is on the disk. Rejects with `invalid_state` when none runs. */
  stop(call: Call, reason: RecordingStopReason): Promise<RecordingState> {
    return this.#turns.run(call.callId, async () => {
      const running = this.#running.get(call.callId);
      if (!running) throw new AppError('invalid_state', 'The call is not being recorded.');
      await this.#end(running, reason);
      return { recordingId: running.plan.recordingId, status: 'processing' };
    });
  }

  /** Ends its segments in good order: the recording goes on with the next run of the server. When none runs, nothing happens. */
  suspend(call: Call): Promise<void> {
    return this.#turns.run(call.callId, async () => {
      const running = this.#running.get(call.callId);
      if (!running) return;
      this.#running.delete(call.callId);
      await running.stop('server-stopped');
    });
  }

  /** Ends it, if it is this one that runs or begins, and makes nothing of it. */
  async abandon(recordingId: string): Promise<void> {
    const callId = this.#held.get(recordingId);
    if (callId === undefined) return;
    await this.#turns.run(callId, async () => {
      const running = this.#running.get(callId);
      if (running?.plan.recordingId !== recordingId) return;
      try {
        await this.#release(running, 'deleted');
      } finally {
        this.#held.delete(recordingId);
      }
    });
  }

  /**
   * Goes on with a recording that an earlier run of the server left, in its call, however far its start had come. Resolves to
   * whether it does: not when it was deleted meanwhile.
   */
  async resume(call: Call, plan: RecordingPlan): Promise<boolean> {
    this.#held.set(plan.recordingId, call.callId);
    let goesOn = false;
    try {
      goesOn = await this.#turns.run(call.callId, () => this.#resume(call, plan));
    } finally {
      if (!goesOn) this.#held.delete(plan.recordingId);
    }
    return goesOn;
  }

  /** Ends every recording, each as its reason says; used when the disk is full. */
  endAll(reason: RecordingStopReason): void {
    for (const { call } of this.running) this.#stopInBackground(call, reason);
  }

  /** Ends the segments in good order; the recordings go on with the next run of the server. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turns.idle();
    await Promise.all(this.running.map((running) => running.stop('server-stopped')));
    this.#running.clear();
  }

  async #start(
    call: Call,
    { startedBy, request }: { startedBy: string | null; request: RecordingRequest },
  ): Promise<RecordingState> {
    const { config, disk, settingsOf } = this.#deps;
    this.#demandIdle(call);
    const settings = await settingsOf(call);
    if (!settings.isRecordingAllowed) {
      throw new AppError('forbidden', 'This call may not be recorded: its settings say so.');
    }
    await disk.demandSpace();
    return this.#record(call, makePlan(config, { call, settings, request, startedBy }));
  }

  #demandIdle(call: Call): void {
    if (this.#isClosed) throw new AppError('unavailable', 'The server is stopping.', 'server');
    const current = this.#running.get(call.callId);
    if (current) throw alreadyRecording(current.plan.recordingId);
    if (call.visibleParticipants.length > 0) return;
    throw new AppError('invalid_state', 'Nobody is in the call, so there is nothing to record.');
  }

  async #record(call: Call, plan: RecordingPlan): Promise<RecordingState> {
    const { repository, folders, announcer } = this.#deps;
    const { recordingId } = plan;
    this.#held.set(recordingId, call.callId);
    try {
      await this.#insert(plan);
      await writePlan(await folders.create(recordingId), plan);
      await this.#begin(call, plan);
    } catch (error) {
      // A start that was refused leaves nothing behind; what cannot be taken away now is found at the next start.
      await repository.remove(recordingId).catch(() => {});
      await folders.remove(recordingId).catch(() => {});
      this.#held.delete(recordingId);
      throw explainFolderTrouble(error);
    }
    runInBackground(announcer.announce(recordingId), 'telling of a recording', this.#deps.logger);
    return { recordingId, status: 'recording' };
  }

  async #resume(call: Call, plan: RecordingPlan): Promise<boolean> {
    const { repository, folders } = this.#deps;
    if (this.#isClosed || this.#running.has(call.callId) || call.isEnded) return false;
    const row = await repository.findRow(plan.recordingId);
    if (row?.status !== 'recording' || row.deletedAt) return false;
    await writePlan(await folders.create(plan.recordingId), plan);
    await this.#begin(call, plan);
    return true;
  }

  async #insert(plan: RecordingPlan): Promise<void> {
    const { repository } = this.#deps;
    const { callId } = plan;
    try {
      await repository.insert({ ...toRow(plan), callId: kindOf(plan) === 'call' ? callId : null });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      const running = await repository.findNewestOfCall(callId);
      throw alreadyRecording(running?.id);
    }
  }

  async #begin(call: Call, plan: RecordingPlan): Promise<void> {
    const { folders, ports, starts, logger } = this.#deps;
    const { recordingId, startedAtMs, startedBy } = plan;
    const folder = folders.of(recordingId);
    const running = await RunningCapture.create(plan, {
      call,
      recordingId,
      folder,
      ports,
      starts,
      logger: logger.child({ recordingId }),
    });
    this.#running.set(call.callId, running);
    running.events.on('expired', (reason) => this.#stopInBackground(call, reason));
    running.events.on('troubled', ({ trouble: { reason }, isOver }) => {
      call.broadcast({ type: 'recording-trouble', data: { recordingId, reason, isOver } });
    });
    call.recordingStarted({ recordingId, startedAt: new Date(startedAtMs).toISOString(), startedBy });
    logger.info({ recordingId, callId: call.callId }, 'a recording runs');
    // It may have ended before anybody listened.
    if (call.isEnded) this.#stopInBackground(call, 'call-ended');
  }

  #stopInBackground(call: Call, reason: RecordingStopReason): void {
    const stopping = this.#turns.run(call.callId, async () => {
      const running = this.#running.get(call.callId);
      if (running) await this.#end(running, reason);
    });
    runInBackground(stopping, 'stopping a recording', this.#deps.logger);
  }

  async #end(running: RunningCapture, reason: RecordingStopReason): Promise<void> {
    const { recordingId } = running.plan;
    try {
      await this.#release(running, reason);
      await this.#deps.handOver(recordingId);
    } finally {
      // What is held for ever would never be looked after.
      this.#held.delete(recordingId);
    }
  }

  async #release(running: RunningCapture, reason: RecordingStopReason): Promise<void> {
    const { call, plan } = running;
    try {
      await running.stop(reason);
    } finally {
      this.#running.delete(call.callId);
      call.recordingStopped(plan.recordingId, reason);
      const { recordingId } = plan;
      this.#deps.logger.info({ recordingId, callId: call.callId, reason }, 'a recording has stopped');
    }
  }
}

function alreadyRecording(recordingId: string | undefined): AppError {
  return new AppError('invalid_state', 'The call is being recorded already.', 'caller', {
    details: { recordingId },
  });
}
