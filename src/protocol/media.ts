/**
 * The media parameters that a client sends before anything is negotiated, checked as far as a schema can.
 * Shapes and names are mediasoup's (RtpParameters, RtpCapabilities, DtlsParameters); the bounds are ours, and
 * wider than what any browser sends. What a schema does not name is removed before mediasoup sees it.
 */
import { type Static, Type } from '@sinclair/typebox';

const Uint8 = Type.Integer({ minimum: 0, maximum: 255 });
const Uint16 = Type.Integer({ minimum: 0, maximum: 65_535 });
const Uint32 = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
const PayloadType = Type.Integer({ minimum: 0, maximum: 127 });
const MimeType = Type.String({ pattern: '^(audio|video)/[A-Za-z0-9_.+-]{1,32}$' });

export const MediaKind = Type.Union([Type.Literal('audio'), Type.Literal('video')]);
export type MediaKind = Static<typeof MediaKind>;

const CodecParameters = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
  Type.Union([Type.String({ maxLength: 256 }), Type.Number(), Type.Null()]),
  { maxProperties: 32 },
);

const RtcpFeedback = Type.Object({
  type: Type.String({ maxLength: 32 }),
  parameter: Type.Optional(Type.String({ maxLength: 32 })),
});

const codecFields = {
  mimeType: MimeType,
  clockRate: Type.Integer({ minimum: 1, maximum: 384_000 }),
  channels: Type.Optional(Type.Integer({ minimum: 1, maximum: 8 })),
  parameters: Type.Optional(CodecParameters),
  rtcpFeedback: Type.Optional(Type.Array(RtcpFeedback, { maxItems: 32 })),
};

const HeaderExtensionUri = Type.String({ minLength: 1, maxLength: 128 });

export const RtpCapabilities = Type.Object(
  {
    codecs: Type.Array(Type.Object({ kind: MediaKind, preferredPayloadType: PayloadType, ...codecFields }), {
      maxItems: 64,
    }),
    headerExtensions: Type.Optional(
      Type.Array(
        Type.Object({
          kind: MediaKind,
          uri: HeaderExtensionUri,
          preferredId: Type.Integer({ minimum: 1, maximum: 255 }),
          preferredEncrypt: Type.Optional(Type.Boolean()),
          direction: Type.Optional(
            Type.Union([
              Type.Literal('sendrecv'),
              Type.Literal('sendonly'),
              Type.Literal('recvonly'),
              Type.Literal('inactive'),
            ]),
          ),
        }),
        { maxItems: 64 },
      ),
    ),
  },
  { description: 'What a device can receive, or a router can route.' },
);
export type RtpCapabilities = Static<typeof RtpCapabilities>;

const RtpEncoding = Type.Object({
  ssrc: Type.Optional(Uint32),
  rid: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9]{1,16}$' })),
  codecPayloadType: Type.Optional(PayloadType),
  rtx: Type.Optional(Type.Object({ ssrc: Uint32 })),
  dtx: Type.Optional(Type.Boolean()),
  scalabilityMode: Type.Optional(
    Type.String({ pattern: '^[LS][1-9][0-9]?T[1-9][0-9]?(h|_KEY|_KEY_SHIFT)?$' }),
  ),
  scaleResolutionDownBy: Type.Optional(Type.Number({ minimum: 1 })),
  // mediasoup writes a BigInt of it in the middle of a request; a fraction throws there, and every later request of
  // every call on that worker fails.
  maxBitrate: Type.Optional(Uint32),
});

export const RtpParameters = Type.Object(
  {
    // RFC 8843 allows more, mediasoup and the header extension's one-byte form do not.
    mid: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,8}$' })),
    codecs: Type.Array(Type.Object({ payloadType: PayloadType, ...codecFields }), {
      minItems: 1,
      maxItems: 16,
    }),
    headerExtensions: Type.Optional(
      Type.Array(
        Type.Object({
          uri: HeaderExtensionUri,
          id: Type.Integer({ minimum: 1, maximum: 255 }),
          encrypt: Type.Optional(Type.Boolean()),
          parameters: Type.Optional(CodecParameters),
        }),
        { maxItems: 32 },
      ),
    ),
    encodings: Type.Array(RtpEncoding, { minItems: 1, maxItems: 8 }),
    rtcp: Type.Optional(
      Type.Object({
        cname: Type.Optional(Type.String({ maxLength: 255 })),
        reducedSize: Type.Optional(Type.Boolean()),
      }),
    ),
  },
  { description: 'What a client sends (producer) or will receive (consumer).' },
);
export type RtpParameters = Static<typeof RtpParameters>;

/** A certificate fingerprint of RFC 8122: pairs of hex digits, as many as the hash is long. */
const fingerprint = <const Algorithm extends string>(algorithm: Algorithm, bytes: number) =>
  Type.Object({
    algorithm: Type.Literal(algorithm),
    value: Type.String({ pattern: `^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){${bytes - 1}}$` }),
  });

export const DtlsParameters = Type.Object({
  role: Type.Optional(Type.Union([Type.Literal('auto'), Type.Literal('client'), Type.Literal('server')])),
  fingerprints: Type.Array(
    Type.Union([
      fingerprint('sha-1', 20),
      fingerprint('sha-224', 28),
      fingerprint('sha-256', 32),
      fingerprint('sha-384', 48),
      fingerprint('sha-512', 64),
    ]),
    { minItems: 1, maxItems: 5 },
  ),
});
export type DtlsParameters = Static<typeof DtlsParameters>;

export const IceParameters = Type.Object({
  usernameFragment: Type.String(),
  password: Type.String(),
  iceLite: Type.Optional(Type.Boolean()),
});
export type IceParameters = Static<typeof IceParameters>;

export const IceCandidate = Type.Object({
  foundation: Type.String(),
  priority: Uint32,
  ip: Type.String(),
  address: Type.String(),
  protocol: Type.Union([Type.Literal('udp'), Type.Literal('tcp')]),
  port: Uint16,
  type: Type.Union([
    Type.Literal('host'),
    Type.Literal('srflx'),
    Type.Literal('prflx'),
    Type.Literal('relay'),
  ]),
  tcpType: Type.Optional(Type.Literal('passive')),
});
export type IceCandidate = Static<typeof IceCandidate>;

export const IceServer = Type.Object({
  urls: Type.Array(Type.String()),
  username: Type.Optional(Type.String()),
  credential: Type.Optional(Type.String()),
});
export type IceServer = Static<typeof IceServer>;

/** Where an SCTP association starts (draft-ietf-mmusic-sctp-sdp); the names are mediasoup's. */
export const SctpParameters = Type.Object({
  port: Uint16,
  OS: Type.Integer({ description: 'outgoing streams' }),
  MIS: Type.Integer({ description: 'incoming streams' }),
  maxMessageSize: Type.Integer({ description: 'bytes' }),
});

export const SctpStreamParameters = Type.Object({
  streamId: Type.Integer({ minimum: 0, maximum: 1_023 }),
  ordered: Type.Optional(Type.Boolean()),
  maxPacketLifeTime: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 65_535, description: 'milliseconds' }),
  ),
  maxRetransmits: Type.Optional(Uint16),
});

export const Layers = Type.Object({
  spatialLayer: Uint8,
  temporalLayer: Type.Optional(Uint8),
});
export type Layers = Static<typeof Layers>;

/** What to ask of a camera and microphone; the client's own measurements may lower it. */
export const Encodings = Type.Object({
  audio: Type.Object({ codec: Type.String(), bitrate: Type.Integer({ description: 'bits per second' }) }),
  video: Type.Object({
    codec: Type.String(),
    bitrate: Type.Object({ min: Type.Integer(), max: Type.Integer() }, { description: 'bits per second' }),
    framerate: Type.Integer({ description: 'frames per second' }),
    resolution: Type.Object({ width: Type.Integer(), height: Type.Integer() }, { description: 'pixels' }),
  }),
});
export type Encodings = Static<typeof Encodings>;
