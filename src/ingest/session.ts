/** One client that came over HTTP: its participant, and the version of its ICE session. It ends with its participant. */
import type { Identity } from '../auth/index.ts';
import type { Participant } from '../engine/index.ts';
import { AppError, newId, SerialQueue } from '../lib/index.ts';
import type { RestartableEndpoint } from '../media/index.ts';

export interface IngestSessionParts {
  readonly roomId: string;
  /** Who made it, and may change and end it. */
  readonly ownerId: string;
  readonly participant: Participant;
  readonly endpoint: RestartableEndpoint;
}

export interface Patched {
  /** Our end of ICE, when it was restarted. */
  readonly fragment: string | undefined;
  readonly etag: string;
}

export class IngestSession {
  readonly id = newId();
  readonly roomId: string;
  readonly ownerId: string;
  readonly participant: Participant;
  readonly #endpoint: RestartableEndpoint;
  readonly #patches = new SerialQueue();
  #etag = newEtag();
  #isOver = false;

  constructor({ roomId, ownerId, participant, endpoint }: IngestSessionParts) {
    this.roomId = roomId;
    this.ownerId = ownerId;
    this.participant = participant;
    this.#endpoint = endpoint;
    // The client, the connection or the worker is gone, and nobody could be told.
    endpoint.events.on('closed', () => participant.close('disconnected'));
    participant.events.on('closed', () => {
      this.#isOver = true;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Of the ICE session; another one after each restart (RFC 9725, section 4.3.1). */
  get etag(): string {
    return this.#etag;
  }

  /** Whether the identity may change and end it. */
  isOwnedBy({ userId, roles, grants }: Identity): boolean {
    if (grants) return grants.has(this.roomId) && userId === this.ownerId;
    return userId === this.ownerId || roles.has('admin') || roles.has('service');
  }

  /** Rejects with `precondition_required`, `precondition_failed`, and as the endpoint does. */
  async patch(fragment: string, ifMatch: string | null): Promise<Patched> {
    // One after another: of two about the same ICE session the second is about an earlier one.
    return this.#patches.run(async () => {
      this.demandCurrent(ifMatch);
      const ours = await this.#endpoint.takeFragment(fragment);
      if (ours !== undefined) this.#etag = newEtag();
      return { fragment: ours, etag: this.#etag };
    });
  }

  /** RFC 9725, section 4.3.1: trickling names the ICE session that it is about, a restart takes any. */
  demandCurrent(ifMatch: string | null): void {
    if (ifMatch === null) {
      throw new AppError(
        'precondition_required',
        'Say in If-Match which ICE session it is about: its ETag, or *.',
      );
    }
    const named = ifMatch.split(',').map((tag) => tag.trim());
    // The examples of RFC 9725 put the asterisk in quotation marks.
    if (named.some((tag) => tag === '*' || tag === '"*"' || tag === this.#etag)) return;
    throw new AppError(
      'precondition_failed',
      'ICE was restarted meanwhile: this is about an earlier ICE session.',
    );
  }

  /** Twice is no error. */
  close(): void {
    this.participant.close('left');
  }
}

function newEtag(): string {
  return `"${newId()}"`;
}
