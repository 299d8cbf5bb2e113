/** Who is in which call through which session: what a resume needs to find, kept until the participant has left. */
import type { Call, Participant } from '../engine/index.ts';
import type { NativeEndpoint, RelayEndpoint, SdpEndpoint } from '../media/index.ts';
import type { Presence } from './presence.ts';

/** However its client negotiates: `protocol` tells which. */
export type ClientEndpoint = NativeEndpoint | SdpEndpoint | RelayEndpoint;

export interface Membership {
  readonly call: Call;
  readonly participant: Participant;
  readonly endpoint: ClientEndpoint;
}

/** The session that holds a membership, as much of it as another one needs to take its place. */
export interface Holder {
  readonly membership: Membership | undefined;
  /** What the client knew when it was last heard; undefined while its socket is open. */
  readonly lastSeen: Presence | undefined;
  /** Lets go of the participant without ending it, and closes the socket if it is still open. */
  release(): void;
}

export class Memberships {
  readonly #holders = new Map<string, Holder>();

  get size(): number {
    return this.#holders.size;
  }

  /** Forgotten when the participant leaves; another holder takes the place of an earlier one. */
  hold({ id, events }: Participant, holder: Holder): void {
    if (!this.#holders.has(id)) events.on('closed', () => this.#holders.delete(id));
    this.#holders.set(id, holder);
  }

  /** Who holds the participant of this id, while it has not left. */
  find(participantId: string): Holder | undefined {
    return this.#holders.get(participantId);
  }
}
