/** The form of what the parser gives, as far as it is used: whatever a peer wrote, this is what it can be. */
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

/** The parser turns words that look like numbers into numbers: a mid, a rid, a user fragment. */
const Word = Type.Union([Type.String(), Type.Number()]);
const Id = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
const PayloadType = Type.Integer({ minimum: 0, maximum: 127 });

const Media = Type.Object({
  type: Type.String(),
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  protocol: Type.String(),
  payloads: Type.Optional(Word),
  mid: Type.Optional(Word),
  direction: Type.Optional(Type.String()),
  setup: Type.Optional(Type.String()),
  content: Type.Optional(Type.String()),
  msid: Type.Optional(Type.Array(Type.Object({ id: Word }))),
  bundleOnly: Type.Optional(Type.String()),
  rtcpMux: Type.Optional(Type.String()),
  rtcpRsize: Type.Optional(Type.String()),
  iceUfrag: Type.Optional(Word),
  icePwd: Type.Optional(Word),
  fingerprint: Type.Optional(Type.Object({ type: Word, hash: Word })),
  rtp: Type.Array(
    Type.Object({
      payload: PayloadType,
      codec: Word,
      rate: Type.Optional(Type.Integer({ minimum: 1, maximum: 384_000 })),
      encoding: Type.Optional(Word),
    }),
  ),
  fmtp: Type.Array(Type.Object({ payload: PayloadType, config: Word })),
  rtcpFb: Type.Optional(
    Type.Array(
      Type.Object({
        payload: Type.Union([PayloadType, Type.Literal('*')]),
        type: Word,
        subtype: Type.Optional(Word),
      }),
    ),
  ),
  ext: Type.Optional(
    Type.Array(
      Type.Object({
        value: Type.Integer({ minimum: 1, maximum: 255 }),
        direction: Type.Optional(Type.String()),
        uri: Word,
        'encrypt-uri': Type.Optional(Type.String()),
      }),
    ),
  ),
  ssrcs: Type.Optional(Type.Array(Type.Object({ id: Id, attribute: Word, value: Type.Optional(Word) }))),
  ssrcGroups: Type.Optional(Type.Array(Type.Object({ semantics: Word, ssrcs: Word }))),
  rids: Type.Optional(
    Type.Array(Type.Object({ id: Word, direction: Type.String(), params: Type.Optional(Word) })),
  ),
  simulcast: Type.Optional(
    Type.Object({
      dir1: Type.String(),
      list1: Word,
      dir2: Type.Optional(Type.String()),
      list2: Type.Optional(Word),
    }),
  ),
});

const Session = Type.Object({
  version: Type.Literal(0),
  origin: Type.Object({ sessionId: Word }),
  groups: Type.Optional(Type.Array(Type.Object({ type: Word, mids: Word }))),
  setup: Type.Optional(Type.String()),
  direction: Type.Optional(Type.String()),
  iceUfrag: Type.Optional(Word),
  icePwd: Type.Optional(Word),
  fingerprint: Type.Optional(Type.Object({ type: Word, hash: Word })),
  extmapAllowMixed: Type.Optional(Type.String()),
  media: Type.Array(Media),
});

export type ParsedMedia = (typeof Media)['static'];
export type ParsedSession = (typeof Session)['static'];

const check = TypeCompiler.Compile(Session);

/** The parsed session; or where it has another form, and which it should have. */
export function takeShape(parsed: unknown): ParsedSession | string {
  if (check.Check(parsed)) return parsed;
  const problem = check.Errors(parsed).First();
  return problem ? `${problem.path || '/'}: ${problem.message}` : 'it has no known form';
}
