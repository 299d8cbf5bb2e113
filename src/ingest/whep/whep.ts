/** WHEP (draft-ietf-wish-whep): one who watches a call over HTTP is a hidden participant of it, who only receives. */
import { forIngest, type Identity } from '../../auth/index.ts';
import { type Call, Participant } from '../../engine/index.ts';
import { AppError, newId } from '../../lib/index.ts';
import type { Publication } from '../../media/index.ts';
import type { IceServer, Permissions } from '../../protocol/index.ts';
import { comeIn } from '../come-in.ts';
import type { IngestDeps } from '../ports.ts';
import type { Patched } from '../session.ts';
import { IngestSessions } from '../sessions.ts';
import { followStage, pickShown } from './stage.ts';
import { ViewerSession } from './viewer-session.ts';

export interface WhepRequest {
  readonly roomId: string;
  /** Whom to watch; undefined: who speaks. */
  readonly userId: string | undefined;
  readonly sdp: string;
}

export interface WhepAnswer {
  readonly session: ViewerSession;
  /** An answer, or a counter-offer that the player has to answer. */
  readonly type: 'answer' | 'offer';
  readonly sdp: string;
  readonly iceServers: IceServer[];
}

/** Encoders start within seconds. */
const RETRY_AFTER_SECONDS = 5;

export class Whep {
  readonly #deps: IngestDeps;
  readonly #sessions: IngestSessions<ViewerSession>;

  constructor(deps: IngestDeps, options: { readonly maxSessions: number }) {
    this.#deps = deps;
    this.#sessions = new IngestSessions(options.maxSessions);
  }

  /**
   * Rejects with `call_not_found`, `forbidden`, `call_locked` and the like, `no_publisher`, `invalid_sdp`, `unsupported_codec`,
   * `unavailable`; then nothing has changed.
   */
  async watch(identity: Identity, request: WhepRequest): Promise<WhepAnswer> {
    let described: Pick<WhepAnswer, 'type' | 'sdp'> = { type: 'answer', sdp: '' };
    const session = await this.#sessions.begin(async () => {
      const viewer = await comeIn(() => this.#enter(identity, request));
      described = viewer.described;
      return viewer.session;
    });
    return { session, ...described, iceServers: this.#deps.iceServersFor(identity.userId) };
  }

  /** Rejects with `session_not_found`, and as `IngestSession.patch` does. */
  async patch(
    identity: Identity,
    id: string,
    change: { fragment: string; ifMatch: string | null },
  ): Promise<Patched> {
    return this.#sessions.find(identity, id).patch(change.fragment, change.ifMatch);
  }

  /** The player's answer to the counter-offer. Rejects with `session_not_found`, and as `ViewerEndpoint.answer` does. */
  async answer(
    identity: Identity,
    id: string,
    change: { sdp: string; ifMatch: string | null },
  ): Promise<void> {
    return this.#sessions.find(identity, id).answer(change.sdp, change.ifMatch);
  }

  /** Throws `session_not_found`, also for one that has ended. */
  end(identity: Identity, id: string): void {
    this.#sessions.find(identity, id).close();
  }

  async #enter(identity: Identity, { roomId, userId, sdp }: WhepRequest) {
    const { calls, isLive } = this.#deps;
    const visitor = forIngest(identity);
    if (!isLive(roomId)) {
      // Whoever only looks makes no call, and would be its host.
      demandSubscribe(await calls.checkDoor(visitor, roomId));
      throw noPublisher(userId);
    }
    const { call, permissions, hasLobby } = await calls.openDoor(visitor, roomId);
    demandSubscribe(permissions);
    const watching = watchingOnly(permissions);
    const viewerId = `whep-${newId()}`;
    call.checkRoomFor(viewerId, { hidden: true, moderate: permissions.moderate });
    if (hasLobby && !permissions.moderate && !permissions.hidden)
      throw new AppError(
        'forbidden',
        'Who comes into this call waits until somebody lets them in, and this way nobody can wait: use a token with the grant "hidden".',
      );
    const published = publishedFor(call, userId);
    const endpoint = call.room.createViewerEndpoint(roomId);
    const participant = new Participant({
      id: newId(),
      // One user may watch on several screens, and be in the call besides.
      userId: viewerId,
      name: identity.name,
      metadata: { viewer: identity.userId },
      permissions: watching,
      endpoint,
      // There is no line to it.
      tell: () => {},
    });
    try {
      const described = await endpoint.offer(sdp, published);
      call.admit(participant);
      followStage({ call, participant, endpoint, userId });
      return {
        session: new ViewerSession({ roomId, ownerId: identity.userId, participant, endpoint }),
        described,
      };
    } catch (error) {
      participant.close('left');
      throw error;
    }
  }
}

function demandSubscribe({ subscribe }: Permissions): void {
  if (!subscribe) throw new AppError('forbidden', 'You may not watch this call.');
}

/** Whatever else the token lets them do, a player only receives, unseen. */
function watchingOnly({ moderate }: Permissions): Permissions {
  return { publish: [], subscribe: true, data: false, record: false, moderate, hidden: true, phone: false };
}

/** All that may be shown: the player must know the codecs of those whom it will be shown later, too. */
function publishedFor(call: Call, userId: string | undefined): Publication[] {
  const { audio, video } = pickShown(call, { userId });
  if (!audio && !video) throw noPublisher(userId);
  const publishers = call.visibleParticipants.filter(
    (other) => userId === undefined || other.userId === userId,
  );
  return publishers.flatMap(({ publications }) => [...publications.values()]);
}

function noPublisher(userId: string | undefined): AppError {
  const who =
    userId === undefined ? 'Nobody in the call publishes' : `"${userId}" publishes nothing in the call`;
  return new AppError('no_publisher', `${who} now.`, 'caller', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
