/**
 * Session descriptions on their way: to the server and from it, for clients that speak SDP, and between two clients (SPEC 2.3). What goes
 * between clients is passed on as it is: whatever else is in it stays in it.
 */
import { type Static, Type } from '@sinclair/typebox';
import { ConsumerId, TrackId, UserId } from './identifiers.ts';
import { MediaKind } from './media.ts';
import { TrackSource } from './participants.ts';

/** Who is not named keeps what they sent: nothing is removed when it is passed on. */
const asItIs = { additionalProperties: Type.Unknown() };

/** What the server answers to, where no participant is named. */
export const SFU = 'sfu';

/** In characters; the message around it may be a little longer. */
const MAX_SDP_LENGTH = 256 * 1024;

const Mid = Type.String({ minLength: 1, maxLength: 8, description: 'the section of the description' });

export const ConnectionName = Type.Union([Type.Literal('publish'), Type.Literal('subscribe')], {
  description: 'Which connection: the one on which the client offers, or the one on which the server does.',
});
export type ConnectionName = Static<typeof ConnectionName>;

/** As `setRemoteDescription` takes it. */
const Description = Type.Object(
  {
    type: Type.Union([
      Type.Literal('offer'),
      Type.Literal('answer'),
      Type.Literal('pranswer'),
      Type.Literal('rollback'),
    ]),
    sdp: Type.String({ maxLength: MAX_SDP_LENGTH }),
  },
  asItIs,
);

/** From clients: an object as browsers have it, or its text alone. */
const GivenDescription = Type.Union([Description, Type.String({ maxLength: MAX_SDP_LENGTH })]);

export const SectionSources = Type.Record(
  Type.String({ minLength: 1, maxLength: 8 }),
  Type.Object({ source: Type.Optional(TrackSource) }, asItIs),
  {
    maxProperties: 64,
    description: 'By mid, what the sections are on which the client sends; otherwise microphone and camera.',
  },
);
export type SectionSources = Static<typeof SectionSources>;

/** The `data` of an `offer` or `answer` from a client. */
export const GivenDescriptionMessage = Type.Object(
  {
    sdp: GivenDescription,
    connection: Type.Optional(ConnectionName),
    tracks: Type.Optional(SectionSources),
  },
  asItIs,
);

export const GivenCandidate = Type.Object(
  { candidate: Type.Optional(Type.Unknown({ description: 'an RTCIceCandidate, or its text' })) },
  asItIs,
);

const sectionTrack = { trackId: TrackId, kind: MediaKind, source: TrackSource };

/** By mid, what of the client is published. */
export const PublishedSections = Type.Record(Mid, Type.Object(sectionTrack));

/** By mid, what comes to the client. */
export const OfferedTracks = Type.Record(
  Mid,
  Type.Object({ ...sectionTrack, userId: UserId, consumerId: ConsumerId }),
);
export type OfferedTracks = Static<typeof OfferedTracks>;

/** By kind, on which section of an offer a client may send next. */
const SpareSections = Type.Object({ audio: Type.Optional(Mid), video: Type.Optional(Mid) });
export type SpareSections = Static<typeof SpareSections>;

export const AnswerOfServer = Type.Object({
  connection: ConnectionName,
  sdp: Type.Object({ type: Type.Literal('answer'), sdp: Type.String() }),
  tracks: PublishedSections,
});

/** From the server, with `tracks` and `spare`; or from another client, as that one sent it. */
export const Offered = Type.Object(
  {
    sdp: GivenDescription,
    connection: Type.Optional(ConnectionName),
    tracks: Type.Optional(
      Type.Unknown({
        description: 'by mid, whose track it is: `userId`, `trackId`, `source`, `kind`, `consumerId`',
      }),
    ),
    spare: Type.Optional(
      Type.Unknown({ description: '`audio` and `video`: the mid of the section on which we may send next' }),
    ),
  },
  asItIs,
);

export const Answered = Type.Object(
  {
    sdp: GivenDescription,
    connection: Type.Optional(ConnectionName),
    tracks: Type.Optional(
      Type.Unknown({ description: 'by mid, what is published: `trackId`, `source`, `kind`' }),
    ),
  },
  asItIs,
);
