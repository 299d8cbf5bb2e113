/** The parts that offers and answers are written from: the transport, the codecs of a section, the lines above all sections. */
import { write } from 'sdp-transform';
import type { DtlsParameters, IceCandidate, IceParameters } from '../../protocol/index.ts';
import type { Direction, SdpCodec, SdpExtension, Setup } from './description.ts';

/** Our end of the transport. */
export interface OwnTransport {
  readonly iceParameters: IceParameters;
  /** All of them: an ICE-lite agent finds none later (RFC 8445, section 2.5). */
  readonly iceCandidates: readonly IceCandidate[];
  readonly dtlsParameters: DtlsParameters;
}

/** Which description of a connection this is (RFC 8866, section 5.2): the id stays, the version grows. */
export interface Origin {
  readonly sessionId: string;
  readonly version: number;
}

export interface WrittenSection {
  readonly mid: string;
  readonly kind: string;
  readonly protocol: string;
  readonly direction: Direction;
  readonly codecs: readonly SdpCodec[];
  readonly extensions: readonly SdpExtension[];
  readonly rids?: readonly { readonly id: string; readonly direction: 'send' | 'recv' }[];
  readonly simulcast?: { readonly dir1: 'send' | 'recv'; readonly list1: string };
  /** The stream and the track (RFC 8830, section 2). */
  readonly msid?: { readonly id: string; readonly appdata: string };
  readonly ssrcs?: readonly { readonly id: number; readonly cname: string }[];
  readonly ssrcGroups?: readonly { readonly semantics: string; readonly ssrcs: readonly number[] }[];
}

/** A section that is refused, closed, or not used again yet: port 0 (RFC 3264, section 6; RFC 8829, section 5.2.2). */
export interface ClosedSection {
  readonly mid: string;
  readonly kind: string;
  readonly protocol: string;
  readonly formats: string;
  readonly isClosed: true;
}

export interface SessionParts {
  readonly origin: Origin;
  readonly transport: OwnTransport;
  readonly setup: Setup;
  readonly sections: readonly (WrittenSection | ClosedSection)[];
  readonly allowsMixedExtensions: boolean;
}

/** RFC 8829, section 5.2.1: where the address is told by candidates alone. */
const NOWHERE = { port: 9, connection: { version: 4, ip: '0.0.0.0' } };

export function writeSession({
  origin,
  transport,
  setup,
  sections,
  allowsMixedExtensions,
}: SessionParts): string {
  const open = sections.filter((section) => !('isClosed' in section));
  return write({
    version: 0,
    origin: {
      username: 'kaa',
      sessionId: origin.sessionId,
      sessionVersion: origin.version,
      netType: 'IN',
      ipVer: 4,
      address: '127.0.0.1',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    // RFC 8839, section 5.3.
    icelite: 'ice-lite',
    // RFC 9143, section 7.3: closed sections are in no group.
    groups: [{ type: 'BUNDLE', mids: open.map(({ mid }) => mid).join(' ') }],
    ...(allowsMixedExtensions && { extmapAllowMixed: 'extmap-allow-mixed' }),
    msidSemantic: { semantic: 'WMS', token: '*' },
    media: sections.map((section) =>
      'isClosed' in section
        ? closed(section)
        : { ...writeMedia(section), ...writeTransport(transport, setup) },
    ),
  });
}

function closed({ mid, kind, protocol, formats }: ClosedSection) {
  return {
    type: kind,
    port: 0,
    protocol,
    payloads: formats,
    connection: NOWHERE.connection,
    rtp: [],
    fmtp: [],
    mid,
    direction: 'inactive',
  };
}

function writeMedia(section: WrittenSection) {
  const { mid, kind, protocol, direction, codecs, extensions, rids, simulcast, msid, ssrcs, ssrcGroups } =
    section;
  return {
    type: kind,
    protocol,
    ...NOWHERE,
    payloads: codecs.map(({ payloadType }) => payloadType).join(' '),
    mid,
    direction,
    rtp: codecs.map(({ payloadType, mimeType, clockRate, channels }) => ({
      payload: payloadType,
      codec: mimeType.slice(mimeType.indexOf('/') + 1),
      rate: clockRate,
      ...(channels !== undefined && channels > 1 && { encoding: channels }),
    })),
    fmtp: codecs.flatMap(({ payloadType, parameters }) => {
      const config = Object.entries(parameters).map(([name, value]) =>
        value === null ? name : `${name}=${value}`,
      );
      return config.length === 0 ? [] : [{ payload: payloadType, config: config.join(';') }];
    }),
    rtcpFb: codecs.flatMap(({ payloadType, rtcpFeedback }) =>
      rtcpFeedback.map(({ type, parameter }) => ({
        payload: payloadType,
        type,
        ...(parameter && { subtype: parameter }),
      })),
    ),
    ext: extensions.map(({ id, uri, direction: way }) => ({
      value: id,
      uri,
      ...(way !== 'sendrecv' && { direction: way }),
    })),
    rtcpMux: 'rtcp-mux',
    rtcpRsize: 'rtcp-rsize',
    ...(msid && { msid: [msid] }),
    ...(rids && { rids: rids.map(({ id, direction: way }) => ({ id, direction: way })) }),
    ...(simulcast && { simulcast }),
    ...(ssrcs && { ssrcs: ssrcs.map(({ id, cname }) => ({ id, attribute: 'cname', value: cname })) }),
    ...(ssrcGroups && {
      ssrcGroups: ssrcGroups.map(({ semantics, ssrcs: members }) => ({
        semantics,
        ssrcs: members.join(' '),
      })),
    }),
  };
}

/** In each open section, though RFC 9143, section 7.1.3, needs it in the first only: not everybody reads it there. */
function writeTransport({ iceParameters, iceCandidates, dtlsParameters }: OwnTransport, setup: Setup) {
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const own = fingerprint ?? dtlsParameters.fingerprints[0];
  return {
    iceUfrag: iceParameters.usernameFragment,
    icePwd: iceParameters.password,
    setup,
    ...(own && { fingerprint: { type: own.algorithm, hash: own.value } }),
    candidates: iceCandidates.map(({ foundation, priority, address, protocol, port, type, tcpType }) => ({
      foundation,
      component: 1,
      transport: protocol,
      priority,
      ip: address,
      port,
      type,
      ...(tcpType && { tcptype: tcpType }),
    })),
    // RFC 8838, section 8.2.
    endOfCandidates: 'end-of-candidates',
  };
}
