/** A session description as the rest of the server reads it: checked once, and typed. */
import type { DtlsParameters, MediaKind } from '../../protocol/index.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** `actpass` lets the other side choose (RFC 8842, section 5). */
export type Setup = 'actpass' | 'active' | 'passive';

export type Fingerprint = DtlsParameters['fingerprints'][number];

export interface SdpCodec {
  readonly payloadType: number;
  readonly mimeType: string;
  readonly clockRate: number;
  readonly channels?: number;
  /** Null: a parameter without a value. */
  readonly parameters: Readonly<Record<string, string | number | null>>;
  readonly rtcpFeedback: readonly { readonly type: string; readonly parameter?: string }[];
}

export interface SdpExtension {
  readonly id: number;
  readonly uri: string;
  readonly direction: Direction;
}

/** A simulcast stream that a section sends (RFC 8851, RFC 8853). */
export interface SentRid {
  readonly rid: string;
  /** Restrictions such as `max-width`, by name. */
  readonly restrictions: Readonly<Record<string, number>>;
}

export interface SdpSection {
  readonly index: number;
  readonly mid: string;
  /** `other`: a data channel, or something that nobody knows. */
  readonly kind: MediaKind | 'other';
  /** As in the m= line, for the answer has to say the same. */
  readonly type: string;
  readonly protocol: string;
  readonly formats: string;
  /** Port 0 without `bundle-only`: the section is refused or closed (RFC 8829, section 5.2.2). */
  readonly isClosed: boolean;
  readonly direction: Direction;
  /** In the order of preference. */
  readonly codecs: readonly SdpCodec[];
  readonly extensions: readonly SdpExtension[];
  readonly ssrcs: readonly number[];
  readonly cname: string | undefined;
  readonly ssrcGroups: readonly { readonly semantics: string; readonly ssrcs: readonly number[] }[];
  /** In the order of a=simulcast. */
  readonly sentRids: readonly SentRid[];
  /** Whether it names a track: by ssrc, by rid, or by a=msid (RFC 8829, section 5.2.1, has everybody do that). */
  readonly namesTrack: boolean;
  readonly hasReducedSizeRtcp: boolean;
  /** RFC 4796: `slides` is a shared screen. */
  readonly content: string | undefined;
}

/** Who is at the other end of the one transport. */
export interface SdpPeer {
  readonly iceUfrag: string;
  readonly setup: Setup;
  readonly fingerprint: Fingerprint;
}

export interface SdpDescription {
  readonly sessionId: string;
  readonly sections: readonly SdpSection[];
  readonly peer: SdpPeer;
  readonly allowsMixedExtensions: boolean;
}

export function isSending({ direction, isClosed }: SdpSection): boolean {
  return !isClosed && (direction === 'sendrecv' || direction === 'sendonly');
}

export function isReceiving({ direction, isClosed }: SdpSection): boolean {
  return !isClosed && (direction === 'sendrecv' || direction === 'recvonly');
}
