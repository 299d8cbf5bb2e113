/** RTP and DTLS parameters that pass the schema and make no sense, next to some that do. */
import fc from 'fast-check';
import { junk, Known } from './values.ts';

const SSRCS = [0, 1, 1_000, 1_001, 1_002, 1_003, 4_294_967_294, 4_294_967_295];
const ssrc = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...SSRCS) },
  { weight: 3, arbitrary: fc.integer({ min: 2_000, max: 2 ** 31 }) },
);
const payloadType = fc.constantFrom(0, 8, 35, 96, 97, 98, 99, 100, 101, 106, 111, 112, 127);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const H264 = { 'packetization-mode': 1, 'level-asymmetry-allowed': 1, 'profile-level-id': '42e01f' };
const CODECS: readonly { mimeType: string; clockRate: number; channels?: number; parameters?: object }[] = [
  { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, parameters: { useinbandfec: 1 } },
  { mimeType: 'audio/opus', clockRate: 48_000, channels: 1 },
  { mimeType: 'audio/multiopus', clockRate: 48_000, channels: 6, parameters: { num_streams: 4 } },
  { mimeType: 'audio/PCMU', clockRate: 8_000 },
  { mimeType: 'audio/telephone-event', clockRate: 8_000 },
  { mimeType: 'audio/red', clockRate: 48_000, channels: 2 },
  { mimeType: 'video/VP8', clockRate: 90_000 },
  { mimeType: 'video/vp8', clockRate: 90_000 },
  { mimeType: 'video/VP8', clockRate: 1 },
  { mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0 } },
  { mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 2 } },
  { mimeType: 'video/H264', clockRate: 90_000, parameters: H264 },
  { mimeType: 'video/H264', clockRate: 90_000, parameters: { ...H264, 'profile-level-id': 42 } },
  { mimeType: 'video/H264', clockRate: 90_000, parameters: { ...H264, 'profile-level-id': 'zzzzzz' } },
  { mimeType: 'video/AV1', clockRate: 90_000 },
  { mimeType: 'video/H265', clockRate: 90_000 },
  { mimeType: 'video/ulpfec', clockRate: 90_000 },
  { mimeType: 'video/rtx', clockRate: 90_000, parameters: { apt: 96 } },
  { mimeType: 'video/rtx', clockRate: 90_000, parameters: { apt: 97 } },
  { mimeType: 'video/rtx', clockRate: 90_000, parameters: { apt: '96' } },
  { mimeType: 'video/rtx', clockRate: 90_000 },
  { mimeType: 'audio/rtx', clockRate: 48_000, parameters: { apt: 111 } },
];

const URIS = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'urn:ietf:params:rtp-hdrext:toffset',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'urn:mediasoup:params:rtp-hdrext:packet-id',
  'urn:3gpp:video-orientation',
  'urn:nobody:knows',
];

const oddParameters = fc.dictionary(
  fc.constantFrom(
    'apt',
    'profile-level-id',
    'packetization-mode',
    'a',
    'useinbandfec',
    'num_streams',
    'toString',
  ),
  fc.constantFrom<string | number | null>('', 'x', '42e01f', 0, 1, -1, 1.5, 96, 1e300, 2 ** 40, null),
  { maxKeys: 3, noNullPrototype: true },
);

const rtcpFeedback = fc.array(
  fc.record(
    {
      type: fc.constantFrom('nack', 'ccm', 'goog-remb', 'transport-cc', '', 'x'),
      parameter: fc.constantFrom('', 'pli', 'fir', 'x'),
    },
    { requiredKeys: ['type'], noNullPrototype: true },
  ),
  { maxLength: 4 },
);

const codec = fc
  .record({
    base: fc.constantFrom(...CODECS),
    odd: fc.option(oddParameters, { freq: 3, nil: undefined }),
    rtcpFeedback: optional(rtcpFeedback),
  })
  .map(({ base, odd, rtcpFeedback: feedback }) => ({
    ...base,
    ...(odd && { parameters: odd }),
    ...(feedback && { rtcpFeedback: feedback }),
  }));

const encoding = fc.record(
  {
    ssrc,
    rid: fc.constantFrom('r0', 'r1', 'r2', 'h', 'abcdefgh12345678'),
    codecPayloadType: payloadType,
    rtx: fc.record({ ssrc }),
    dtx: fc.boolean(),
    scalabilityMode: fc.constantFrom('L1T1', 'L1T3', 'S3T3', 'L3T3_KEY', 'L3T2h', 'L99T99', 'S9T1', 'L4T7'),
    scaleResolutionDownBy: fc.constantFrom(1, 1.5, 1e300),
    maxBitrate: fc.constantFrom(0, 1, 1.5, 500_000, 2 ** 32, 2 ** 53, 1e300),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const headerExtension = fc.record(
  {
    uri: fc.constantFrom(...URIS),
    id: fc.constantFrom(1, 2, 3, 4, 14, 15, 16, 255),
    encrypt: fc.boolean(),
    parameters: oddParameters,
  },
  { requiredKeys: ['uri', 'id'], noNullPrototype: true },
);

const hostileRtpParameters = fc.record(
  {
    mid: fc.constantFrom('0', '1', '2', 'abcdefgh', '-'),
    codecs: fc.array(
      fc.tuple(codec, payloadType).map(([of, number]) => ({ ...of, payloadType: number })),
      { minLength: 1, maxLength: 4 },
    ),
    headerExtensions: fc.array(headerExtension, { maxLength: 6 }),
    encodings: fc.array(encoding, { minLength: 1, maxLength: 8 }),
    rtcp: fc.record(
      { cname: fc.constantFrom('', 'c', 'x'.repeat(255), '\u{1f600}'), reducedSize: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['codecs', 'encodings'], noNullPrototype: true },
);

const VP8_WITH_RTX = [
  {
    mimeType: 'video/VP8',
    payloadType: 96,
    clockRate: 90_000,
    rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
  },
  { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
];
const OPUS = [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }];

/** As a browser would send them, but for what one of them may share with another. */
const soundRtpParameters = fc
  .record({
    mid: fc.constantFrom('0', '1', '2', undefined),
    isAudio: fc.boolean(),
    encodings: fc.array(fc.record({ ssrc, rtxSsrc: ssrc, hasRtx: fc.boolean() }), {
      minLength: 1,
      maxLength: 3,
    }),
    headerExtensions: fc.subarray(URIS.map((uri, index) => ({ uri, id: index + 1 }))),
  })
  .map(({ mid, isAudio, encodings, headerExtensions }) => ({
    ...(mid !== undefined && { mid }),
    codecs: isAudio ? OPUS : VP8_WITH_RTX,
    headerExtensions,
    encodings: isAudio
      ? encodings.slice(0, 1).map(({ ssrc: number }) => ({ ssrc: number }))
      : encodings.map(({ ssrc: number, rtxSsrc, hasRtx }) => ({
          ssrc: number,
          ...(hasRtx && { rtx: { ssrc: rtxSsrc } }),
        })),
    rtcp: { cname: 'fuzz' },
  }));

/** Sound but for one or two parts: what is wrong everywhere is refused at the first look. */
const spoiltRtpParameters = fc
  .record({
    sound: soundRtpParameters,
    hostile: hostileRtpParameters,
    parts: fc.subarray(['mid', 'codecs', 'headerExtensions', 'encodings', 'rtcp'] as const, {
      minLength: 1,
      maxLength: 2,
    }),
  })
  .map(({ sound, hostile, parts }) => ({
    ...sound,
    ...Object.fromEntries(parts.filter((part) => part in hostile).map((part) => [part, hostile[part]])),
  }));

const hostileRtpCapabilities = fc.record(
  {
    codecs: fc.array(
      fc.tuple(codec, payloadType).map(([of, number]) => ({
        ...of,
        kind: of.mimeType.split('/')[0],
        preferredPayloadType: number,
      })),
      { maxLength: 6 },
    ),
    headerExtensions: fc.array(
      headerExtension.map(({ uri, id }) => ({ kind: 'video', uri, preferredId: id })),
      { maxLength: 6 },
    ),
  },
  { requiredKeys: ['codecs'], noNullPrototype: true },
);

const HASH_BYTES = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
  'sha-3': 32,
  md5: 16,
};
const fingerprint = fc
  .record({
    algorithm: fc.constantFrom(...Object.keys(HASH_BYTES)),
    byte: fc.constantFrom('00', 'ff', 'AB', 'zz', '0'),
    isShort: fc.boolean(),
  })
  .map(({ algorithm, byte, isShort }) => ({
    algorithm,
    value: Array.from(
      { length: (HASH_BYTES[algorithm as keyof typeof HASH_BYTES] ?? 1) - (isShort ? 1 : 0) },
      () => byte,
    ).join(':'),
  }));
const dtlsParameters = fc.oneof(
  fc.record(
    {
      role: fc.constantFrom('auto', 'client', 'server', 'active'),
      fingerprints: fc.array(fingerprint, { minLength: 1, maxLength: 6 }),
    },
    { requiredKeys: ['fingerprints'], noNullPrototype: true },
  ),
  fc.constantFrom('client', 'server', 'auto').map((role) => ({
    role,
    fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') }],
  })),
  fc.nat({ max: 5 }).map((index) => new Known('dtlsParameters', index)),
);

const SPECIAL: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  rtpParameters: fc.oneof(
    { weight: 4, arbitrary: soundRtpParameters },
    { weight: 8, arbitrary: spoiltRtpParameters },
    { weight: 2, arbitrary: hostileRtpParameters },
    { weight: 1, arbitrary: fc.nat({ max: 5 }).map((index) => new Known('rtpParameters', index)) },
    { weight: 1, arbitrary: junk },
  ),
  rtpCapabilities: fc.oneof(
    { weight: 5, arbitrary: fc.constant(new Known('routerRtpCapabilities', 0)) },
    { weight: 3, arbitrary: hostileRtpCapabilities },
    { weight: 1, arbitrary: junk },
  ),
  dtlsParameters,
};

/** What belongs under a name of the protocol. */
export function mediaUnder(name: string): fc.Arbitrary<unknown> | undefined {
  return Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
}

/** Makes the parts of a message agree that a schema cannot tie together. */
export function harmonize(type: string, data: unknown): unknown {
  if (type !== 'produce' || typeof data !== 'object' || data === null || !('rtpParameters' in data))
    return data;
  const isAudio = JSON.stringify(data.rtpParameters).includes('"audio/');
  return { ...data, kind: isAudio ? 'audio' : 'video', source: isAudio ? 'microphone' : 'camera' };
}
