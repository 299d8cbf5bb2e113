/** The recordings of a call, for those who ask for them by its routes: who may begin, end, see and delete one. */
import { type Identity, mayJoin, permissionsIn } from '../../auth/index.ts';
import type { Call } from '../../engine/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Library, RecordingResource } from '../../library/index.ts';
import type { RecordingRequest, RecordingState } from '../../protocol/index.ts';
import type { Recorder } from '../../recording/index.ts';
import { type CallFinder, factsOf, forbidden } from '../call-finder.ts';

export interface CallRecordingsDeps {
  readonly finder: CallFinder;
  readonly recorder: Recorder;
  readonly library: Library;
}

export class CallRecordings {
  readonly #deps: CallRecordingsDeps;

  constructor(deps: CallRecordingsDeps) {
    this.#deps = deps;
  }

  /** Rejects with `call_not_found`, `forbidden`, and as the recorder does. */
  async start(identity: Identity, roomId: string, request: RecordingRequest): Promise<RecordingState> {
    const call = await this.#recordable(identity, roomId);
    return this.#deps.recorder.start(call, identity.userId, request);
  }

  /** Resolves when all that was captured is on the disk; its files are made then. */
  async stop(identity: Identity, roomId: string): Promise<RecordingState> {
    return this.#deps.recorder.stop(await this.#recordable(identity, roomId));
  }

  /** Rejects with `recording_not_found` for one of another call, too. */
  async get(identity: Identity, roomId: string, recordingId: string): Promise<RecordingResource> {
    await this.#deps.finder.visible(identity, roomId);
    return this.#deps.library.getOfCall(identity, recordingId, { roomId });
  }

  async remove(identity: Identity, roomId: string, recordingId: string): Promise<void> {
    await this.#deps.finder.visible(identity, roomId);
    return this.#deps.library.remove(identity, recordingId, { roomId });
  }

  async #recordable(identity: Identity, roomId: string): Promise<Call> {
    const { row, live } = await this.#deps.finder.visible(identity, roomId);
    const facts = factsOf(row);
    if (!mayJoin(identity, facts) || !permissionsIn(identity, facts).record) {
      throw forbidden(
        'Only the host of the call, an admin, or a token with the grant "record", may do that.',
      );
    }
    if (live) return live;
    throw new AppError('invalid_state', 'Nobody is in the call, so nothing of it is recorded.');
  }
}
