/** WHIP (RFC 9725): one who publishes into a call by an offer over HTTP is a participant of it like any other. */
import { forIngest, type Identity } from '../../auth/index.ts';
import type { Call } from '../../engine/index.ts';
import { AppError } from '../../lib/index.ts';
import type { IceServer } from '../../protocol/index.ts';
import { comeIn } from '../come-in.ts';
import type { Entrance, IngestDeps } from '../ports.ts';
import { letPublish } from '../publisher.ts';
import { IngestSession, type Patched } from '../session.ts';
import { IngestSessions } from '../sessions.ts';

export interface WhipRequest {
  readonly roomId: string;
  readonly sdp: string;
  /** Whether the call is to be recorded from here on. */
  readonly isRecorded: boolean;
}

export interface WhipAnswer {
  readonly session: IngestSession;
  readonly sdp: string;
  readonly iceServers: IceServer[];
}

export class Whip {
  readonly #deps: IngestDeps;
  readonly #sessions: IngestSessions;

  constructor(deps: IngestDeps, options: { readonly maxSessions: number }) {
    this.#deps = deps;
    this.#sessions = new IngestSessions(options.maxSessions);
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /**
   * Lets the publisher in, with what it offers. An earlier one of the same user is replaced. Rejects with `call_not_found`,
   * `forbidden`, `call_full` and the like, `invalid_sdp`, `unsupported_codec`, `unavailable`; then nothing has changed.
   */
  async publish(identity: Identity, request: WhipRequest): Promise<WhipAnswer> {
    let sdp = '';
    const session = await this.#sessions.begin(async () => {
      const publisher = await comeIn(() => this.#enter(identity, request));
      sdp = publisher.sdp;
      return publisher.session;
    });
    return { session, sdp, iceServers: this.#deps.iceServersFor(identity.userId) };
  }

  /** Rejects with `session_not_found`, and as `IngestSession.patch` does. */
  async patch(
    identity: Identity,
    id: string,
    change: { fragment: string; ifMatch: string | null },
  ): Promise<Patched> {
    return this.#sessions.find(identity, id).patch(change.fragment, change.ifMatch);
  }

  /** Throws `session_not_found`, also for one that has ended. */
  end(identity: Identity, id: string): void {
    this.#sessions.find(identity, id).close();
  }

  async #enter(identity: Identity, { roomId, sdp, isRecorded }: WhipRequest) {
    const { call, permissions, hasLobby } = await this.#deps.calls.openDoor(forIngest(identity), roomId);
    const { userId, name } = identity;
    demandRights({ call, permissions, hasLobby }, { userId, isRecorded });
    const publisher = { userId, name, permissions };
    const { participant, endpoint, answer } = await letPublish(call, publisher, { sdp });
    try {
      const session = new IngestSession({ roomId, ownerId: userId, participant, endpoint });
      if (isRecorded) await this.#record(call, userId);
      return { session, sdp: answer };
    } catch (error) {
      participant.close('left');
      throw error;
    }
  }

  /** A recording that runs already is as good. */
  async #record(call: Call, userId: string): Promise<void> {
    if (call.recording) return;
    try {
      await this.#deps.recorder.start(call, userId, {});
    } catch (error) {
      if (!call.recording) throw error;
    }
  }
}

function demandRights(
  { call, permissions, hasLobby }: Entrance,
  { userId, isRecorded }: { readonly userId: string; readonly isRecorded: boolean },
): void {
  if (permissions.publish.length === 0) throw new AppError('forbidden', 'You may not publish in this call.');
  if (isRecorded && !permissions.record)
    throw new AppError(
      'forbidden',
      'Only the host of the call, an admin, or a token with the grant "record", may record it.',
    );
  call.checkRoomFor(userId, permissions);
  if (hasLobby && !permissions.moderate && !call.participants.has(userId))
    throw new AppError(
      'forbidden',
      'Who comes into this call waits until somebody lets them in, and this way nobody can wait: use a token with the grant "moderate".',
    );
}
