/** Between mediasoup's parameters and the SDP of libdatachannel: only what it reads, written by hand (RFC 8866, RFC 8839). */
import type { DtlsParameters, IceCandidate, MediaKind, RtpParameters } from '../../../src/protocol/index.ts';
import type { TransportParameters } from '../sfu/sfu.ts';

/** One media section; its mid is its place. */
export interface Section {
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
}

/** The server's side of a transport: ICE-lite, and the server of DTLS when it answers. */
export function serverSdp(
  transport: TransportParameters,
  description: { readonly type: 'offer' | 'answer'; readonly sections: readonly Section[] },
): string {
  const { type, sections } = description;
  const { iceParameters, iceCandidates, dtlsParameters } = transport;
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  if (!fingerprint) throw new Error('the server has no SHA-256 fingerprint');
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${sections.map((_, mid) => mid).join(' ')}`,
    ...sections.flatMap(({ kind, rtpParameters }, mid) => [
      ...mediaLines(kind, rtpParameters),
      `a=mid:${mid}`,
      `a=${type === 'offer' ? 'sendonly' : 'recvonly'}`,
      'a=rtcp-mux',
      `a=ice-ufrag:${iceParameters.usernameFragment}`,
      `a=ice-pwd:${iceParameters.password}`,
      `a=fingerprint:sha-256 ${fingerprint.value}`,
      `a=setup:${type === 'offer' ? 'actpass' : 'passive'}`,
      ...(type === 'offer' ? ssrcLines(rtpParameters) : []),
      ...iceCandidates.filter(({ protocol }) => protocol === 'udp').map(candidateLine),
      'a=end-of-candidates',
    ]),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** What libdatachannel made up for itself. It is the client of DTLS. */
export function dtlsParametersOf(localSdp: string): DtlsParameters {
  const value = localSdp.match(/^a=fingerprint:sha-256 (\S+)/im)?.[1];
  if (value === undefined) throw new Error('the local description has no SHA-256 fingerprint');
  return { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] };
}

function mediaLines(kind: MediaKind, { codecs }: RtpParameters): string[] {
  const [codec] = codecs;
  if (!codec) throw new Error('a section needs a codec');
  const name = codec.mimeType.slice(codec.mimeType.indexOf('/') + 1);
  const channels = (codec.channels ?? 1) > 1 ? `/${codec.channels}` : '';
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${codec.payloadType}`,
    'c=IN IP4 0.0.0.0',
    `a=rtpmap:${codec.payloadType} ${name}/${codec.clockRate}${channels}`,
  ];
}

function ssrcLines({ encodings, rtcp }: RtpParameters): string[] {
  return encodings.map(({ ssrc }) => `a=ssrc:${ssrc} cname:${rtcp?.cname ?? 'sfu'}`);
}

function candidateLine({ foundation, protocol, priority, address, port, type }: IceCandidate): string {
  return `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}`;
}
