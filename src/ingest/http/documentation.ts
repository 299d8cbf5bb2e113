/** What the documentation says of bodies and answers that are SDP and no JSON. */
import { FRAGMENT_TYPE, SDP_TYPE } from './media-types.ts';

const TRANSPORT = [
  'a=ice-ufrag:Zx8k',
  'a=ice-pwd:Qm3nY0bq6mJtqk0a1nB5yJ2p',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'A1').join(':')}`,
];

function description(setup: string, direction: string): string {
  const lines = [
    'v=0',
    'o=- 4962303333179871722 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    ...TRANSPORT,
    `a=setup:${setup}`,
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=ssrc:1001 cname:studio',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:1',
    ...TRANSPORT,
    `a=setup:${setup}`,
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    'a=rtcp-fb:96 nack',
    'a=rtcp-fb:96 nack pli',
    'a=ssrc:1002 cname:studio',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

const FRAGMENT = `${[
  'a=ice-ufrag:Zx8k',
  'a=ice-pwd:Qm3nY0bq6mJtqk0a1nB5yJ2p',
  'm=audio 9 UDP/TLS/RTP/SAVPF 0',
  'a=mid:0',
  'a=candidate:1 1 udp 2122260223 192.0.2.7 61764 typ host',
  'a=end-of-candidates',
].join('\r\n')}\r\n`;

const text = { type: 'string' as const };

function sdp(example: string) {
  return { [SDP_TYPE]: { schema: text, example } };
}

function fragment() {
  return { [FRAGMENT_TYPE]: { schema: text, example: FRAGMENT } };
}

const REFUSAL = {
  content: {
    'application/json': {
      schema: { type: 'object' as const },
      example: {
        error: 'invalid_sdp',
        message: 'The session description cannot be used: it has no section.',
      },
    },
  },
};

const refusals = (reasons: Readonly<Record<number, string>>) =>
  Object.fromEntries(
    Object.entries(reasons).map(([status, words]) => [status, { description: words, ...REFUSAL }]),
  );

const OFFER_REFUSALS = {
  400: 'the description cannot be used: `invalid_sdp`',
  401: 'no token that holds',
  403: 'a token without the right',
  404: '`call_not_found`',
  409: '`call_full`, `call_locked`, `call_ended`',
  415: 'another type than application/sdp',
  422: 'none of its codecs: `unsupported_codec`',
  503: 'too many sessions, or no media worker; `Retry-After`',
};

const SESSION_REFUSALS = {
  404: '`session_not_found`: it has ended, or is of somebody else',
  412: '`precondition_failed`: ICE was restarted meanwhile',
  415: 'another type',
  428: '`precondition_required`: without If-Match',
};

export const whipOffer = {
  requestBody: { required: true, content: sdp(description('actpass', 'sendonly')) },
  responses: {
    201: {
      description:
        'the answer, with all candidates; `Location` is the session, `ETag` its ICE session, `Link` the ICE servers',
      content: sdp(description('passive', 'recvonly')),
    },
    ...refusals(OFFER_REFUSALS),
  },
};

export const whepOffer = {
  requestBody: { required: true, content: sdp(description('actpass', 'recvonly')) },
  responses: {
    201: {
      description: 'the answer, with all candidates; `Location`, `ETag`, `Link` as for WHIP',
      content: sdp(description('passive', 'sendonly')),
    },
    406: {
      description: 'a counter-offer, because the payload types differ; to be answered by PATCH to `Location`',
      content: sdp(description('actpass', 'sendonly')),
    },
    ...refusals({
      ...OFFER_REFUSALS,
      409: '`no_publisher`, with `Retry-After`; `call_locked`, `call_ended`',
    }),
  },
};

export const fragmentPatch = {
  requestBody: { required: true, content: fragment() },
  responses: {
    200: { description: 'ICE was restarted: our end of it; `ETag` is another one now', content: fragment() },
    204: { description: 'the candidates are noted' },
    ...refusals(SESSION_REFUSALS),
  },
};

export const answerOrFragmentPatch = {
  ...fragmentPatch,
  requestBody: { required: true, content: { ...fragment(), ...sdp(description('active', 'recvonly')) } },
  responses: {
    ...fragmentPatch.responses,
    ...refusals({ ...SESSION_REFUSALS, 409: '`invalid_state`: there is no counter-offer to be answered' }),
  },
};

export const sessionEnd = {
  responses: { 200: { description: 'it has ended' }, ...refusals({ 404: SESSION_REFUSALS[404] }) },
};
