/** The shapes of the routes that give tokens for one call. */
import { type Static, Type } from '@sinclair/typebox';
import { Grant } from '../../auth/index.ts';
import { UserId } from '../../protocol/index.ts';

const HOUR_MS = 3_600_000;

/** An invitation is often for tomorrow's call. */
export const DEFAULT_INVITE_LIFETIME_MS = 24 * HOUR_MS;
/** Nothing takes an invitation back, so one cannot be given for ever. */
const MAX_INVITE_LIFETIME_MS = 30 * 24 * HOUR_MS;
const MIN_INVITE_LIFETIME_MS = 1_000;

export const InviteRequest = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'how the guest is called' }),
    ),
    userId: Type.Optional(UserId),
    permissions: Type.Optional({
      ...Grant,
      additionalProperties: false,
      description:
        'what the guest may do, none of it more than the inviter may; absent: what a participant may',
    } as typeof Grant),
    expiresInMs: Type.Optional(
      Type.Integer({
        minimum: MIN_INVITE_LIFETIME_MS,
        maximum: MAX_INVITE_LIFETIME_MS,
        default: DEFAULT_INVITE_LIFETIME_MS,
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      { name: 'Grace', permissions: { publish: ['microphone'], subscribe: true }, expiresInMs: HOUR_MS },
    ],
  },
);
export type InviteRequest = Static<typeof InviteRequest>;

const IceServer = Type.Object({
  urls: Type.Array(Type.String()),
  username: Type.Optional(Type.String()),
  credential: Type.Optional(Type.String()),
});

const passFields = {
  token: Type.String({ description: 'lets into this one call, as a token with grants' }),
  wsUrl: Type.String({ examples: ['wss://calls.example.com/video-calls/ws'] }),
  iceServers: Type.Array(IceServer),
  expiresAt: Type.String({ format: 'date-time' }),
};

const PASS_EXAMPLE = {
  token: '<header>.<claims>.<signature>',
  wsUrl: 'wss://calls.example.com/video-calls/ws',
  iceServers: [{ urls: ['stun:stun.example.com:3478'] }],
  expiresAt: '2026-01-01T14:00:00.000Z',
};

export const Pass = Type.Object(passFields, { examples: [PASS_EXAMPLE] });
export type Pass = Static<typeof Pass>;

export const Invite = Type.Object(
  {
    ...passFields,
    userId: UserId,
    url: Type.String({ examples: ['https://calls.example.com/call/standup#token=…'] }),
  },
  {
    examples: [{ ...PASS_EXAMPLE, userId: 'guest-1', url: 'https://calls.example.com/call/standup#token=…' }],
  },
);
export type Invite = Static<typeof Invite>;
