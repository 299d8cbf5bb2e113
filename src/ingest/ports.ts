/** What ingest needs of the layers beside it; wired in `src/wire`. */
import type { Identity } from '../auth/index.ts';
import type { Call } from '../engine/index.ts';
import type { IceServer, Permissions } from '../protocol/index.ts';
import type { Recorder } from '../recording/index.ts';

export interface Entrance {
  readonly call: Call;
  readonly permissions: Permissions;
  /** Whether those who do not moderate wait until somebody lets them in. */
  readonly hasLobby: boolean;
}

export interface CallDoor {
  /** Rejects with `forbidden`, `call_not_found`, `unavailable`. */
  openDoor(identity: Identity, roomId: string): Promise<Entrance>;
  /** What the identity may do in the call. Rejects as `openDoor` does, but makes nothing, and opens nothing. */
  checkDoor(identity: Identity, roomId: string): Promise<Permissions>;
}

export interface IngestDeps {
  readonly calls: CallDoor;
  /** Whether anybody may be in it now. */
  readonly isLive: (roomId: string) => boolean;
  readonly recorder: Recorder;
  readonly iceServersFor: (userId: string) => IceServer[];
}
