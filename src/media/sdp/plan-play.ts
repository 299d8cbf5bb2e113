/**
 * What a player can be sent by an answer to its offer. A consumer has the room's numbers and header extension ids, and an answer those
 * of the offer (RFC 3264, section 6.1): only where they are the same something can flow.
 */
import type { MediaKind, RtpCapabilities } from '../../protocol/index.ts';
import { withoutUselessFeedback } from './accept-section.ts';
import { type CodecFormat, isSame, sharedFeedback } from './choose-codec.ts';
import {
  isReceiving,
  type SdpCodec,
  type SdpDescription,
  type SdpExtension,
  type SdpSection,
} from './description.ts';

type RouterCodec = RtpCapabilities['codecs'][number];

export type PlayedSection =
  /** Another one of its kind is used, or nothing of it can be: port 0 in an answer. */
  | { readonly section: SdpSection; readonly use: 'refused' }
  | {
      readonly section: SdpSection;
      readonly use: 'playing';
      readonly kind: MediaKind;
      /** With numbers that both sides give them, each followed by its RTX. */
      readonly codecs: readonly SdpCodec[];
      readonly extensions: readonly SdpExtension[];
    };

/** A codec that somebody publishes. */
interface PublishedCodec {
  readonly kind: MediaKind;
  readonly codec: CodecFormat;
}

/** One section of each kind: the first on which the player receives something that it names as we do. */
export function planPlay({ sections }: SdpDescription, capabilities: RtpCapabilities): PlayedSection[] {
  const taken = new Set<MediaKind>();
  return sections.map((section): PlayedSection => {
    const { kind } = section;
    if (kind === 'other' || taken.has(kind) || !isReceiving(section)) return { section, use: 'refused' };
    const extensions = sharedExtensions(section, capabilities);
    const codecs = section.codecs.flatMap((codec) => playable(section, { codec, capabilities, extensions }));
    if (codecs.length === 0) return { section, use: 'refused' };
    taken.add(kind);
    return { section, use: 'playing', kind, codecs, extensions };
  });
}

/** What a consumer for such a player may send. */
export function playedCapabilities(
  plan: readonly PlayedSection[],
  capabilities: RtpCapabilities,
): RtpCapabilities {
  const playing = plan.filter((played) => played.use === 'playing');
  return {
    codecs: capabilities.codecs.filter(({ kind, preferredPayloadType }) =>
      playing.some(
        (played) =>
          played.kind === kind &&
          played.codecs.some(({ payloadType }) => payloadType === preferredPayloadType),
      ),
    ),
    headerExtensions: (capabilities.headerExtensions ?? []).filter(({ kind, uri }) =>
      playing.some(
        (played) => played.kind === kind && played.extensions.some((extension) => extension.uri === uri),
      ),
    ),
  };
}

/**
 * How a player can have a published track: `as-offered`; `renumbered` when it knows the codec by another number, which it would
 * take from us; `never`.
 */
export function playability(
  { kind, codec }: PublishedCodec,
  plan: readonly PlayedSection[],
  capabilities: RtpCapabilities,
): 'as-offered' | 'renumbered' | 'never' {
  const router = capabilities.codecs.find((candidate) => candidate.kind === kind && isSame(codec, candidate));
  if (!router) return 'never';
  const isNumbered = plan.some(
    (played) =>
      played.use === 'playing' &&
      played.kind === kind &&
      played.codecs.some(({ payloadType }) => payloadType === router.preferredPayloadType),
  );
  if (isNumbered) return 'as-offered';
  const isKnown = plan.some(
    ({ section }) =>
      section.kind === kind &&
      isReceiving(section) &&
      section.codecs.some((offered) => isSame(offered, router)),
  );
  return isKnown ? 'renumbered' : 'never';
}

function playable(
  section: SdpSection,
  {
    codec,
    capabilities,
    extensions,
  }: { codec: SdpCodec; capabilities: RtpCapabilities; extensions: readonly SdpExtension[] },
): SdpCodec[] {
  const router = capabilities.codecs.find(
    (candidate) => candidate.preferredPayloadType === codec.payloadType && isSame(codec, candidate),
  );
  if (!router) return [];
  const shared = { ...codec, rtcpFeedback: sharedFeedback(codec, router) };
  const ours = { ...shared, rtcpFeedback: withoutUselessFeedback(shared, extensions) };
  const repair = routerRepair(router, capabilities);
  const rtx = section.codecs.find(
    ({ payloadType, mimeType, parameters }) =>
      payloadType === repair?.preferredPayloadType &&
      mimeType.toLowerCase().endsWith('/rtx') &&
      parameters.apt === codec.payloadType,
  );
  return [ours, ...(rtx ? [rtx] : [])];
}

function routerRepair(
  { preferredPayloadType }: RouterCodec,
  { codecs }: RtpCapabilities,
): RouterCodec | undefined {
  return codecs.find(
    ({ mimeType, parameters }) =>
      mimeType.toLowerCase().endsWith('/rtx') && parameters?.apt === preferredPayloadType,
  );
}

function sharedExtensions(
  { kind, extensions }: SdpSection,
  { headerExtensions = [] }: RtpCapabilities,
): SdpExtension[] {
  return extensions.filter(({ id, uri, direction }) => {
    const isReceived = direction === 'sendrecv' || direction === 'recvonly';
    return (
      isReceived &&
      headerExtensions.some((own) => own.kind === kind && own.uri === uri && own.preferredId === id)
    );
  });
}
