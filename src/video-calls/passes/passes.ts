/** Gives tokens for one call: to who may join it, and to guests whom a moderator invites. */
import {
  type Grant,
  type Identity,
  missingRights,
  participantGrant,
  permissionsIn,
  permissionsToGive,
  type TokenRequest,
  type Tokens,
} from '../../auth/index.ts';
import { signalingUrl } from '../../http/index.ts';
import { AppError, newId } from '../../lib/index.ts';
import { type IceServer, type Permissions, RESERVED_USER_IDS } from '../../protocol/index.ts';
import { factsOf, forbidden } from '../call-finder.ts';
import type { VideoCallsService } from '../service.ts';
import { DEFAULT_INVITE_LIFETIME_MS, type Invite, type InviteRequest, type Pass } from './model.ts';

/**
 * Longer than nearly every call, so that nobody has to renew in the middle of one; short enough that a right which was
 * taken away is gone the same day.
 */
const JOIN_LIFETIME_MS = 4 * 3_600_000;

export interface CallPassesDeps {
  readonly calls: VideoCallsService;
  readonly tokens: Tokens;
  readonly iceServersFor: (userId: string) => IceServer[];
}

interface PassRequest extends Omit<TokenRequest, 'grants' | 'lifetimeSeconds'> {
  readonly roomId: string;
  readonly grant: Grant;
  readonly expiresAt: number;
  readonly baseUrl: string;
}

export class CallPasses {
  readonly #calls: VideoCallsService;
  readonly #tokens: Tokens;
  readonly #iceServersFor: CallPassesDeps['iceServersFor'];

  constructor(deps: CallPassesDeps) {
    this.#calls = deps.calls;
    this.#tokens = deps.tokens;
    this.#iceServersFor = deps.iceServersFor;
  }

  /** A token with which the caller may do in this call what it may do now, and nothing elsewhere. It never lives longer than the caller's own. */
  async join(identity: Identity, roomId: string, baseUrl: string): Promise<Pass> {
    const row = await this.#calls.doors.findJoinable(identity, roomId);
    return this.#issue({
      roomId,
      userId: identity.userId,
      name: identity.name,
      grant: toGrant(permissionsIn(identity, factsOf(row))),
      expiresAt: Math.min(Date.now() + JOIN_LIFETIME_MS, identity.expiresAt.getTime()),
      baseUrl,
    });
  }

  /**
   * A token for a guest, and the page that takes it. Throws `forbidden` when more is to be given than the inviter has.
   * The invitation of one who came by a grant does not outlive it.
   */
  async invite(
    identity: Identity,
    roomId: string,
    {
      name,
      userId = `guest-${newId()}`,
      permissions,
      expiresInMs,
      baseUrl,
    }: InviteRequest & { baseUrl: string },
  ): Promise<Invite> {
    const { row } = await this.#calls.finder.moderated(identity, roomId);
    if (row.status === 'ended')
      throw new AppError('call_ended', 'The call has ended; nobody can be invited to it.');
    if (RESERVED_USER_IDS.includes(userId)) {
      throw new AppError('validation_error', `The user id "${userId}" is reserved.`);
    }
    const held = permissionsToGive(identity, factsOf(row));
    const missing = missingRights(permissions ?? {}, held);
    if (missing.length > 0) throw forbidden(`You may not give what you have not: ${missing.join(', ')}.`);
    const wantedEnd = Date.now() + (expiresInMs ?? DEFAULT_INVITE_LIFETIME_MS);
    const pass = await this.#issue({
      roomId,
      userId,
      ...(name === undefined ? {} : { name }),
      grant: permissions ?? participantGrant(held),
      expiresAt: identity.grants ? Math.min(wantedEnd, identity.expiresAt.getTime()) : wantedEnd,
      baseUrl,
    });
    return { ...pass, userId, url: `${baseUrl}/call/${roomId}#token=${pass.token}` };
  }

  async #issue({ roomId, grant, expiresAt, baseUrl, ...who }: PassRequest): Promise<Pass> {
    const issued = await this.#tokens.issue({
      ...who,
      grants: { [roomId]: grant },
      lifetimeSeconds: (expiresAt - Date.now()) / 1_000,
    });
    return {
      token: issued.token,
      wsUrl: signalingUrl(baseUrl),
      iceServers: this.#iceServersFor(who.userId),
      expiresAt: issued.expiresAt.toISOString(),
    };
  }
}

function toGrant(permissions: Permissions): Grant {
  const { publish, ...flags } = permissions;
  const granted = Object.entries(flags).filter(([, isGranted]) => isGranted);
  return { publish, ...Object.fromEntries(granted) };
}
