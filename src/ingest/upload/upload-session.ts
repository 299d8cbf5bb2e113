/**
 * One upload: a room of its own, the one who publishes into it, and the recording of that. It outlives its connection: a client that
 * was lost goes on within `lostMs`, after that it ends.
 */
import { type Identity, mayManageUpload } from '../../auth/index.ts';
import type { IngestSessionRow, NewIngestSessionRow } from '../../db/index.ts';
import type { Call } from '../../engine/index.ts';
import { AppError, retry, SerialQueue } from '../../lib/index.ts';
import type { IngestEndpoint } from '../../media/index.ts';
import { runInBackground } from '../../observability/index.ts';
import type { CallEvent, Permissions } from '../../protocol/index.ts';
import { letPublish } from '../publisher.ts';
import { atMost } from './at-most.ts';
import { sessionNotFound } from './refusals.ts';
import type { UploadEnd, UploadFacts, UploadSessionDeps } from './terms.ts';

type State =
  /** Nobody is connected: it was lost, or is of an earlier run. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'linked'; readonly endpoint: IngestEndpoint }
  | { readonly kind: 'over'; readonly done: Promise<void> };

const PERMISSIONS: Permissions = {
  publish: ['microphone', 'camera', 'screen'],
  subscribe: false,
  data: false,
  record: false,
  moderate: false,
  hidden: false,
  phone: false,
};
/** Media, reports and checks of ICE come more often: who is silent for longer has lost the connection, for now at least. */
const SILENT_PART = 1 / 6;
const LISTEN_PART = 1 / 8;
/** Of a machine with too much to do the answer is not waited for longer. */
const READY_MS = 8_000;
const END_ATTEMPTS = { attempts: 8, firstDelayMs: 250 };

export class UploadSession {
  readonly facts: UploadFacts;
  readonly #deps: UploadSessionDeps;
  /** One description at a time. */
  readonly #queue = new SerialQueue();
  #state: State = { kind: 'waiting' };
  #call: Call | undefined;
  #hasConnected: boolean;
  #grace: Timer | undefined;
  #onOver: (done: Promise<void>) => void = () => {};

  /** The first offer of a client. Rejects as `letPublish` does, with `session_exists`, `unavailable`; then nothing is left of it. */
  static async begin(
    row: NewIngestSessionRow & UploadFacts,
    sdp: string,
    deps: UploadSessionDeps,
  ): Promise<{ session: UploadSession; answer: string }> {
    const session = new UploadSession(row, deps, { hasConnected: false });
    return { session, answer: await session.#begin(row, sdp) };
  }

  /** One that an earlier run of the server left. It ends when nobody goes on with it in time. */
  static restore(row: IngestSessionRow, deps: UploadSessionDeps): UploadSession {
    const session = new UploadSession(row, deps, { hasConnected: true });
    session.#wait(deps.lostMs, 'connection-lost');
    return session;
  }

  private constructor(facts: UploadFacts, deps: UploadSessionDeps, begun: { hasConnected: boolean }) {
    this.facts = facts;
    this.#deps = deps;
    this.#hasConnected = begun.hasConnected;
  }

  get isOver(): boolean {
    return this.#state.kind === 'over';
  }

  /** Called once, when it ends, or at once when it has; `done` resolves when that is written down. */
  set onOver(listener: (done: Promise<void>) => void) {
    this.#onOver = listener;
    if (this.#state.kind === 'over') listener(this.#state.done);
  }

  isManagedBy(identity: Identity): boolean {
    return mayManageUpload(identity, this.facts.ownerId);
  }

  /** Whether its client was there, and is not now. */
  async isLost(): Promise<boolean> {
    if (this.#state.kind === 'waiting') return true;
    if (this.#state.kind === 'over') return false;
    const { endpoint } = this.#state;
    await endpoint.listen();
    const { heardAt } = endpoint;
    return heardAt !== undefined && performance.now() - heardAt > this.#deps.lostMs * SILENT_PART;
  }

  /**
   * Another connection of its client, in the same recording. Undefined when there is none to go on with. Rejects as `letPublish`
   * does; then it is as it was.
   */
  goOn(sdp: string): Promise<string | undefined> {
    return this.#queue.run(() => this.#goOn(sdp));
  }

  /** Its client did not wait for the answer: who is not connected by now never will be. Another offer is taken at once then. */
  letGo(): void {
    if (this.#state.kind === 'linked' && this.#state.endpoint.heardAt === undefined)
      this.#state.endpoint.close();
  }

  /** Rejects as an offer is refused, and with `session_not_found`; then it is as it was. */
  renegotiate(sdp: string): Promise<string> {
    return this.#queue.run(async () => {
      if (this.#state.kind === 'linked') {
        const answer = await this.#state.endpoint.offer({ sdp });
        await this.#ready();
        return answer.sdp;
      }
      const answer = await this.#goOn(sdp);
      if (answer === undefined) throw sessionNotFound();
      return answer;
    });
  }

  /** Resolves when all that was captured is on the disk, and on its way to be made into a file. Twice is no error. */
  end(reason: UploadEnd): Promise<void> {
    if (this.#state.kind === 'over') return this.#state.done;
    clearTimeout(this.#grace);
    const done = this.#finish(reason, this.#hasEverConnected());
    this.#over(done);
    return done;
  }

  /** The server stops: what was captured goes on with the next run. Twice is no error. */
  release(): void {
    clearTimeout(this.#grace);
    this.#over(Promise.resolve());
  }

  #over(done: Promise<void>): void {
    this.#state = { kind: 'over', done };
    this.#onOver(done);
  }

  async #begin(row: NewIngestSessionRow & UploadFacts, sdp: string): Promise<string> {
    const { openRoom, recorder, repository, maxDurationMs } = this.#deps;
    const { id, name, uuid, ownerId } = this.facts;
    const call = await openRoom(id);
    let isRecorded = false;
    try {
      const answer = await this.#connect(call, sdp);
      await recorder.startUpload(call, { id, name, streamId: uuid ?? undefined, ownerId, maxDurationMs });
      isRecorded = true;
      await repository.insert(row);
      // Its recording may have ended already: the disk is full.
      if (this.isOver) throw new AppError('unavailable', 'The upload has ended already.', 'server');
      await this.#ready();
      return answer;
    } catch (error) {
      this.#over(Promise.resolve());
      if (isRecorded) await recorder.remove(id);
      call.end('empty');
      throw error;
    }
  }

  async #goOn(sdp: string): Promise<string | undefined> {
    if (this.isOver) return undefined;
    const call = this.#call ?? (await this.#comeBack());
    if (!call) return undefined;
    const answer = await this.#connect(call, sdp);
    await this.#ready();
    return answer;
  }

  /** A client sends as soon as it is answered: by then there is to be somebody who records it. Never rejects. */
  async #ready(): Promise<void> {
    if (this.#call) await atMost(READY_MS, this.#deps.recorder.ready(this.#call));
  }

  /** After a restart of the server. */
  async #comeBack(): Promise<Call | undefined> {
    const call = await this.#deps.openRoom(this.facts.id);
    if (await this.#deps.recorder.goOn(call).catch(() => false)) {
      this.#call = call;
      return call;
    }
    call.end('empty');
    return undefined;
  }

  async #connect(call: Call, sdp: string): Promise<string> {
    const { lostMs } = this.#deps;
    const { ownerId, name } = this.facts;
    const { endpoint, answer } = await letPublish(
      call,
      {
        userId: ownerId,
        name: name === '' ? ownerId : name,
        permissions: PERMISSIONS,
        times: { connectMs: lostMs, silentMs: lostMs, intervalMs: lostMs * LISTEN_PART },
        tell: (event) => this.#hear(event),
      },
      { sdp },
    );
    if (this.isOver) {
      call.end('empty');
      throw sessionNotFound();
    }
    clearTimeout(this.#grace);
    this.#call = call;
    this.#state = { kind: 'linked', endpoint };
    endpoint.events.on('closed', () => this.#lose(endpoint));
    return answer;
  }

  /** Its recording ends by itself at its time, with a full disk, and when it is deleted; the upload ends with it. */
  #hear(event: CallEvent): void {
    if (event.type !== 'recording-stopped') return;
    runInBackground(this.end(event.data.reason), 'ending an upload', this.#deps.logger);
  }

  #lose(endpoint: IngestEndpoint): void {
    if (this.#state.kind !== 'linked' || this.#state.endpoint !== endpoint) return;
    this.#hasConnected = this.#hasEverConnected();
    this.#state = { kind: 'waiting' };
    if (!this.#hasConnected) {
      this.#wait(0, 'never-connected');
      return;
    }
    const now = performance.now();
    this.#wait((endpoint.heardAt ?? now) + this.#deps.lostMs - now, 'connection-lost');
  }

  #wait(ms: number, reason: UploadEnd): void {
    clearTimeout(this.#grace);
    const end = () => runInBackground(this.end(reason), 'ending an upload', this.#deps.logger);
    this.#grace = setTimeout(end, Math.max(0, ms));
  }

  #hasEverConnected(): boolean {
    const isHeard = this.#state.kind === 'linked' && this.#state.endpoint.heardAt !== undefined;
    return this.#hasConnected || isHeard;
  }

  async #finish(reason: UploadEnd, hasCome: boolean): Promise<void> {
    const { recorder, repository, logger } = this.#deps;
    const { id } = this.facts;
    const call = this.#call;
    try {
      if (!hasCome) await recorder.remove(id);
      else if (call) await recorder.stop(call).catch(ignoreStopped);
      else await recorder.giveUp(id);
    } finally {
      call?.end('empty');
      logger.info({ sessionId: id, reason }, 'an upload has ended');
      await retry(() => repository.end(id, reason), END_ATTEMPTS);
    }
  }
}

/** The recording has ended by itself a moment before. */
function ignoreStopped(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'invalid_state')) throw error;
}
