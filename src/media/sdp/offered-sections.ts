/**
 * The sections of a connection on which the server offers: which is where, what each is for, and which are free. A section keeps its
 * place and its mid for as long as it is open; one that the client has closed is used again under another mid (RFC 8829, section 5.2.2).
 */
import type { MediaKind } from '../../protocol/index.ts';
import { SDP_LIMITS } from './read-description.ts';

/** A section on which a track goes to the client, or on which the next one may. */
export interface DownSection {
  readonly use: 'down';
  readonly mid: string;
  readonly kind: MediaKind;
  /** What it carries now. */
  readonly trackId: string | undefined;
  /** What it carried last: that one gets it again, if it comes back. */
  readonly lastTrackId: string | undefined;
}

/** A section on which the client may send. */
export interface UpSection {
  readonly use: 'up';
  readonly mid: string;
  readonly kind: MediaKind;
  /** Whether the client ever sent on it: an `addTrack` takes only one that was never used (W3C webrtc-pc, 5.1). */
  readonly isUsed: boolean;
}

export interface ClosedOffered {
  readonly use: 'closed';
  readonly mid: string;
  readonly kind: MediaKind;
}

export type OfferedSection = DownSection | UpSection | ClosedOffered;

/** Mids have at most 8 bytes; a counter needs years for that. */
const FIRST_MID = 0;

export class OfferedSections {
  #sections: OfferedSection[] = [];
  #nextMid = FIRST_MID;

  /** In their order. */
  get list(): readonly OfferedSection[] {
    return this.#sections;
  }

  /** Forgets everything: the client has made another connection. */
  clear(): void {
    this.#sections = [];
    this.#nextMid = FIRST_MID;
  }

  /** Keeps one section ready for each kind that the client may publish, on which nothing was sent yet. */
  keepSpares(kinds: readonly MediaKind[]): void {
    for (const kind of kinds) {
      if (!this.#hasSpare(kind)) this.#place(kind, (mid) => ({ use: 'up', mid, kind, isUsed: false }));
    }
  }

  /** By kind, the mid of the section on which the client may send next. */
  get spares(): Partial<Record<MediaKind, string>> {
    const free = this.#sections.filter((section) => section.use === 'up' && !section.isUsed);
    return Object.fromEntries(free.toReversed().map(({ kind, mid }) => [kind, mid]));
  }

  /** Whether `keepSpares` would add one. */
  lacksSpares(kinds: readonly MediaKind[]): boolean {
    return this.#sections.length < SDP_LIMITS.sections && kinds.some((kind) => !this.#hasSpare(kind));
  }

  /** Gives a track its section, a free one first. Undefined when there are too many. */
  carry(trackId: string, kind: MediaKind): string | undefined {
    const known = this.#sections.find((section) => section.use === 'down' && section.trackId === trackId);
    if (known) return known.mid;
    const free = this.#sections.filter(
      (section): section is DownSection =>
        section.use === 'down' && section.kind === kind && section.trackId === undefined,
    );
    const section = free.find(({ lastTrackId }) => lastTrackId === trackId) ?? free[0];
    if (!section)
      return this.#place(kind, (mid) => ({ use: 'down', mid, kind, trackId, lastTrackId: trackId }));
    this.#replace(section.mid, { ...section, trackId, lastTrackId: trackId });
    return section.mid;
  }

  /** The track is gone; its section stays, and is free. */
  free(trackId: string): void {
    for (const section of this.#sections) {
      if (section.use === 'down' && section.trackId === trackId)
        this.#replace(section.mid, { ...section, trackId: undefined });
    }
  }

  noteUsed(mid: string): void {
    const section = this.find(mid);
    if (section?.use === 'up') this.#replace(mid, { ...section, isUsed: true });
  }

  /** The client refused the section or has stopped it: it cannot be used any more under this mid. */
  close(mid: string): void {
    const section = this.find(mid);
    if (section) this.#replace(mid, { use: 'closed', mid, kind: section.kind });
  }

  find(mid: string): OfferedSection | undefined {
    return this.#sections.find((section) => section.mid === mid);
  }

  #hasSpare(kind: MediaKind): boolean {
    return this.#sections.some((section) => section.use === 'up' && section.kind === kind && !section.isUsed);
  }

  #place(kind: MediaKind, make: (mid: string) => OfferedSection): string | undefined {
    const closed = this.#sections.findIndex((section) => section.use === 'closed' && section.kind === kind);
    if (closed < 0 && this.#sections.length >= SDP_LIMITS.sections) return undefined;
    const mid = String(this.#nextMid);
    this.#nextMid += 1;
    if (closed < 0) this.#sections.push(make(mid));
    else this.#sections[closed] = make(mid);
    return mid;
  }

  #replace(mid: string, section: OfferedSection): void {
    this.#sections = this.#sections.map((other) => (other.mid === mid ? section : other));
  }
}
