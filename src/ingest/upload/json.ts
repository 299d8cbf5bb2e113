/** The JSON of uploads over HTTP: the fields of the messages of gRPC, in snake_case or in camelCase, as the caller likes it. */
import { type Static, Type } from '@sinclair/typebox';
import { AppError } from '../../lib/index.ts';
import type { UploadRequest } from './request.ts';

/** Fields that nobody knows are let be, as gRPC lets them be. */
const ICE_SERVER = Type.Object(
  {
    urls: Type.Array(Type.String()),
    username: Type.Optional(Type.String()),
    credential_type: Type.Optional(Type.Integer()),
    credentialType: Type.Optional(Type.Integer()),
    credential: Type.Optional(Type.String({ description: 'base64; it is not kept' })),
  },
  { additionalProperties: true },
);
const OFFER = 'v=0\r\no=- 4962303333179871722 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n…';

const offerFields = {
  sdp_offer: Type.Optional(Type.String({ description: 'the whole offer, with or without candidates' })),
  sdpOffer: Type.Optional(Type.String({ description: 'the same' })),
};

export const UploadBody = Type.Object(
  {
    ...offerFields,
    name: Type.Optional(Type.String({ description: 'names the file' })),
    uuid: Type.Optional(
      Type.String({ description: 'of your own choice: with it an upload whose connection was lost goes on' }),
    ),
    ice_servers: Type.Optional(Type.Array(ICE_SERVER)),
    iceServers: Type.Optional(Type.Array(ICE_SERVER)),
  },
  { additionalProperties: true, examples: [{ sdp_offer: OFFER, name: 'interview', uuid: 'case-4711' }] },
);

export const OfferBody = Type.Object(offerFields, {
  additionalProperties: true,
  examples: [{ sdp_offer: OFFER }],
});

export const UploadAnswer = Type.Object(
  {
    id: Type.String({ description: 'of the upload, and of its recording' }),
    sdp_answer: Type.Optional(Type.String()),
    sdpAnswer: Type.Optional(Type.String({ description: 'instead, for who sent sdpOffer' })),
  },
  { examples: [{ id: '01a1fd47-2503-775f-89fa-9e9145e2f13f', sdp_answer: OFFER }] },
);

export const OfferAnswer = Type.Object(
  { sdp_answer: Type.Optional(Type.String()), sdpAnswer: Type.Optional(Type.String()) },
  { examples: [{ sdp_answer: OFFER }] },
);

type Offering = Static<typeof OfferBody>;

/** Throws `validation_error` when both names are there and do not say the same. */
export function readOffer({ sdp_offer, sdpOffer }: Offering): string {
  return pick({ sdp_offer, sdpOffer }) ?? '';
}

/** Throws `validation_error`. */
export function readUpload(body: Static<typeof UploadBody>): UploadRequest {
  const { name = '', uuid = '', ice_servers, iceServers } = body;
  const servers = pick({ ice_servers, iceServers }) ?? [];
  return {
    sdpOffer: readOffer(body),
    name,
    uuid,
    iceServers: servers.map(({ urls, username = '', credential_type, credentialType }) => ({
      urls,
      username,
      credentialType: pick({ credential_type, credentialType }) ?? 0,
    })),
  };
}

/** In the way in which it was asked. */
export function writeAnswer({ sdpOffer }: Offering, answer: string): Static<typeof OfferAnswer> {
  return sdpOffer === undefined ? { sdp_answer: answer } : { sdpAnswer: answer };
}

/** Of two names of one field. */
function pick<Value>(named: Readonly<Record<string, Value | undefined>>): Value | undefined {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  const [first, second] = given;
  if (first && second && !Bun.deepEquals(first[1], second[1]))
    throw new AppError('validation_error', `${first[0]} and ${second[0]} are one field, and differ.`);
  return first?.[1];
}
