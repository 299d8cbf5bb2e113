/** What a fuzzed client does: scripts of messages, made of the protocol's own table, and of what is no message at all. */
import fc from 'fast-check';
import { type RequestType, requests } from '../../../src/protocol/index.ts';
import { harmonize, mediaUnder } from './hostile-media.ts';
import { mutateText, mutateValue, textMutation, valueMutations } from './mutations.ts';
import { type JsonSchema, Known, valuesOf, writeJson } from './values.ts';

/** What the one who sends knows, and what stands in the place of `Known`. */
export interface Sender {
  readonly roomId: string;
  /** Something that the server has said under this name; undefined when it has not yet. */
  recall(known: Known): unknown;
  nextId(): string;
}

export interface Frame {
  readonly content: string | Uint8Array;
  readonly isBinary?: boolean;
}

export type Step = (
  | { readonly kind: 'send'; readonly toFrame: (sender: Sender) => Frame }
  /** The connection ends; politely or not. */
  | { readonly kind: 'vanish'; readonly isPolite: boolean }
) & {
  /** Which of the clients. */
  readonly who: number;
  /** Whether it waits for the answer before anybody goes on. */
  readonly isAwaited: boolean;
};

export interface Script {
  /** Whether the clients are in the call, with transports and tracks, when the steps begin. */
  readonly isPrepared: boolean;
  readonly hasLobby: boolean;
  readonly steps: readonly Step[];
}

const TYPES = Object.keys(requests) as RequestType[];

const envelopeExtras = fc.record(
  {
    userId: fc.oneof({ weight: 1, arbitrary: fc.constantFrom('nobody', 'sfu', 'all', '', 'user-0') }),
    roomId: fc.constantFrom('elsewhere', 'ws', 'a b', '', 'x'.repeat(65)),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const envelope = fc.record({
  id: fc.oneof(
    { weight: 8, arbitrary: fc.constant('next' as const) },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom('same', 'x'.repeat(64), 'x'.repeat(65), '') },
  ),
  targetUserId: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.nat({ max: 5 }).map((index) => new Known('userId', index)) },
    { weight: 1, arbitrary: fc.constantFrom('nobody', 'sfu') },
  ),
  extras: fc.oneof({ weight: 12, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: envelopeExtras }),
});

const isHarmonious = fc.constantFrom(true, true, true, false);

/** A message as its schema wants it. Those with more to say come more often. */
const message = fc
  .oneof(
    ...TYPES.map((type) => {
      const schema = requests[type].data as JsonSchema;
      return {
        weight: 1 + Object.keys(schema.properties ?? {}).length,
        arbitrary: fc.record({
          type: fc.constant(type),
          data: valuesOf(schema, mediaUnder),
          isHarmonious,
          envelope,
        }),
      };
    }),
  )
  .map(
    ({ type, data, isHarmonious: isSound, envelope: { id, targetUserId, extras } }) =>
      (sender: Sender) => ({
        ...(id !== undefined && { id: id === 'next' ? sender.nextId() : id }),
        type,
        roomId: sender.roomId,
        ...(targetUserId !== undefined && { targetUserId: resolve(targetUserId, sender) }),
        data: resolve(isSound ? harmonize(type, data) : data, sender),
        ...extras,
      }),
  );

type Message = (sender: Sender) => object;

const validFrame = message.map(
  (make: Message) =>
    (sender: Sender): Frame => ({ content: writeJson(make(sender)) }),
);

const mutatedFrame = fc.tuple(message, valueMutations).map(
  ([make, mutations]) =>
    (sender: Sender): Frame => ({
      content: writeJson(mutateValue(make(sender), mutations)),
    }),
);

const spoiltText = fc.tuple(message, textMutation).map(
  ([make, mutation]) =>
    (sender: Sender): Frame => ({
      content: mutateText(writeJson(make(sender)), mutation),
    }),
);

const MAX_FRAME_BYTES = 256 * 1024;

const noMessage: fc.Arbitrary<() => Frame> = fc.oneof(
  fc.uint8Array({ maxLength: 64 }).map((content) => () => ({ content, isBinary: true })),
  fc.uint8Array({ maxLength: 64 }).map((content) => () => ({ content })),
  fc
    .constantFrom('', 'null', '0', '[]', '{}', '"x"', '{"type":', '\ufeff{}', '{"id":"7"}')
    .map((content) => () => ({ content })),
  fc
    .constantFrom(65_000, 65_536, 65_537, MAX_FRAME_BYTES - 200, MAX_FRAME_BYTES + 1)
    .map((length) => () => ({ content: `{"id":"7","type":"ping","roomId":"${'x'.repeat(length)}"}` })),
);

const step: fc.Arbitrary<Step> = fc
  .record({
    who: fc.nat({ max: 2 }),
    isAwaited: fc.boolean(),
    what: fc.oneof(
      { weight: 160, arbitrary: validFrame.map((toFrame) => ({ kind: 'send' as const, toFrame })) },
      { weight: 24, arbitrary: mutatedFrame.map((toFrame) => ({ kind: 'send' as const, toFrame })) },
      { weight: 8, arbitrary: spoiltText.map((toFrame) => ({ kind: 'send' as const, toFrame })) },
      { weight: 5, arbitrary: noMessage.map((toFrame) => ({ kind: 'send' as const, toFrame })) },
      { weight: 3, arbitrary: fc.boolean().map((isPolite) => ({ kind: 'vanish' as const, isPolite })) },
    ),
  })
  .map(({ who, isAwaited, what }) => ({ who, isAwaited, ...what }));

/** Scripts of exactly so many steps; shrinking makes them shorter. */
export function scripts(length: number): fc.Arbitrary<Script> {
  return fc.record({
    isPrepared: fc.oneof(
      { weight: 5, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    hasLobby: fc.oneof(
      { weight: 1, arbitrary: fc.constant(true) },
      { weight: 9, arbitrary: fc.constant(false) },
    ),
    steps: fc.array(step, { minLength: 1, maxLength: length, size: 'max' }),
  });
}

/** Puts what is known in the place of every `Known`. */
function resolve(value: unknown, sender: Sender): unknown {
  if (value instanceof Known) return sender.recall(value);
  if (Array.isArray(value)) return value.map((item) => resolve(item, sender));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, sender)]));
}
