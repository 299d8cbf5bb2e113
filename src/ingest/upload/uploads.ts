/** The uploads of this server: begins and ends them for those who may, and takes up again what an earlier run left. */
import { type Identity, mayUpload } from '../../auth/index.ts';
import { AppError, KeyedQueue, newId } from '../../lib/index.ts';
import { sessionExists, sessionNotFound, stopping, tooManySessions } from './refusals.ts';
import type { UploadRepository } from './repository.ts';
import { checkOffer, checkUpload, type UploadRequest } from './request.ts';
import type { UploadSessionDeps } from './terms.ts';
import { UploadSession } from './upload-session.ts';

export interface UploadsOptions extends UploadSessionDeps {
  readonly repository: UploadRepository;
  readonly maxSessions: number;
}

export interface Uploading {
  readonly id: string;
  /** SDP. */
  readonly answer: string;
}

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #byId = new Map<string, UploadSession>();
  /** Until their end is written down. */
  readonly #byUuid = new Map<string, UploadSession>();
  /** By uuid: one of the same name begins after the other. */
  readonly #turns = new KeyedQueue<string>();
  #beginning = 0;
  #isClosed = false;

  /** Finds what an earlier run of the server left. */
  static async create(options: UploadsOptions): Promise<Uploads> {
    const uploads = new Uploads(options);
    for (const row of await options.repository.findRunning()) {
      uploads.#adopt(UploadSession.restore(row, options));
    }
    return uploads;
  }

  private constructor(options: UploadsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byId.size;
  }

  /**
   * Begins one, or goes on with that of the same uuid whose connection was lost. Rejects with `forbidden`, `validation_error`,
   * `invalid_sdp`, `unsupported_codec`, `session_exists`, `too_many_sessions`, `unavailable`; then nothing has changed. One whose
   * client is gone before it was answered (`signal`) is taken back.
   */
  async upload(identity: Identity, request: UploadRequest, signal?: AbortSignal): Promise<Uploading> {
    if (!mayUpload(identity))
      throw new AppError('forbidden', 'Uploads are for tokens of the role service, host or admin.');
    checkUpload(request);
    const { uuid } = request;
    const begun = await (uuid === ''
      ? this.#begin(identity, request)
      : this.#turns.run(uuid, () => this.#beginOrGoOn(identity, request, signal)));
    if (signal?.aborted && begun.isNew) await this.#byId.get(begun.id)?.end('cancelled');
    return { id: begun.id, answer: begun.answer };
  }

  /** Rejects with `session_not_found`, `forbidden`, and as an offer is refused; then it goes on as it was. */
  async renegotiate(identity: Identity, id: string, sdp: string): Promise<string> {
    const session = this.#find(identity, id);
    checkOffer(sdp);
    return session.renegotiate(sdp);
  }

  /** Resolves when all that came is on the disk. Rejects with `session_not_found`, also for one that has ended, and `forbidden`. */
  async stop(identity: Identity, id: string): Promise<void> {
    await this.#find(identity, id).end('stopped');
  }

  /** To be called while the calls still live. What runs goes on with the next run of the server. Twice is no error. */
  close(): void {
    this.#isClosed = true;
    for (const session of [...this.#byId.values()]) session.release();
  }

  async #beginOrGoOn(identity: Identity, request: UploadRequest, signal?: AbortSignal) {
    const running = this.#byUuid.get(request.uuid);
    if (!running) return this.#begin(identity, request);
    if (!running.isOver) {
      const mayGoOn = running.isManagedBy(identity) && (await running.isLost());
      if (!mayGoOn) throw sessionExists();
      const answer = await running.goOn(request.sdpOffer);
      if (answer !== undefined) {
        if (signal?.aborted) running.letGo();
        return { id: running.facts.id, answer, isNew: false };
      }
    }
    await running.end('connection-lost');
    return this.#begin(identity, request);
  }

  async #begin({ userId }: Identity, { sdpOffer, name, uuid, iceServers }: UploadRequest) {
    if (this.#isClosed) throw stopping();
    if (this.#byId.size + this.#beginning >= this.#options.maxSessions) throw tooManySessions();
    this.#beginning += 1;
    try {
      const id = newId();
      const row = { id, uuid: uuid === '' ? null : uuid, ownerId: userId, name, iceServers };
      const { session, answer } = await UploadSession.begin(row, sdpOffer, this.#options);
      this.#adopt(session);
      return { id, answer, isNew: true };
    } finally {
      this.#beginning -= 1;
    }
  }

  #adopt(session: UploadSession): void {
    const { id, uuid } = session.facts;
    this.#byId.set(id, session);
    if (uuid !== null) this.#byUuid.set(uuid, session);
    session.onOver = (done) => {
      this.#byId.delete(id);
      if (uuid === null) return;
      const forget = () => {
        if (this.#byUuid.get(uuid) === session) this.#byUuid.delete(uuid);
      };
      done.then(forget, forget);
    };
  }

  #find(identity: Identity, id: string): UploadSession {
    const session = this.#byId.get(id);
    if (!session) throw sessionNotFound();
    if (session.isManagedBy(identity)) return session;
    throw new AppError('forbidden', 'Only who began this upload, a service or an admin may do that.');
  }
}
