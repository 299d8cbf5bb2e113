/** What every relay must do, run against each of them. */
import { describe, expect, test } from 'bun:test';
import type { Frame, Receiver, Relay } from '../../../src/streaming-sessions/index.ts';
import { until } from '../until.ts';

export interface RelayUnderTest {
  /** Where sources connect. */
  readonly near: Relay;
  /** Where operators connect: the same, or another node of the same relay. */
  readonly far: Relay;
}

const SESSION = 'a-session';
const MEBIBYTE = 1024 ** 2;

export function describeRelay(name: string, create: () => Promise<RelayUnderTest>): void {
  describe(`the relay "${name}"`, () => {
    test('brings every frame to every operator, in order, unchanged', async () => {
      const relay = await create();
      const first = operatorOf(relay);
      const second = operatorOf(relay);
      const source = sourceOf(relay);
      const frames = ['text', '', '{"json": true}', '\uFEFFπ', bytes(0), bytes(1), bytes(10 * MEBIBYTE)];
      for (const frame of frames) source.end.send(frame);
      await first.has(frames);
      await second.has(frames);
    });

    test('brings an operator that comes later what is sent from then on', async () => {
      const relay = await create();
      const early = operatorOf(relay);
      const source = sourceOf(relay);
      source.end.send('before');
      await early.has(['before']);
      const late = operatorOf(relay);
      source.end.send('after');
      await late.has(['after']);
      await early.has(['before', 'after']);
    });

    test('brings who comes later the header first, and once', async () => {
      const relay = await create();
      const early = operatorOf(relay);
      const source = sourceOf(relay, { hasHeader: true });
      source.end.send('header');
      source.end.send('body 1');
      await early.has(['header', 'body 1']);
      const late = operatorOf(relay);
      source.end.send('body 2');
      await late.has(['header', 'body 2']);
      await early.has(['header', 'body 1', 'body 2']);
    });

    test('keeps the header of a source that left, and forgets it for the next one', async () => {
      const relay = await create();
      const watcher = operatorOf(relay);
      const first = sourceOf(relay, { hasHeader: true });
      first.end.send('old header');
      await watcher.has(['old header']);
      first.end.close();
      await operatorOf(relay).has(['old header']);
      const second = sourceOf(relay, { hasHeader: true });
      second.end.send('new header');
      await watcher.has(['old header', 'new header']);
      await operatorOf(relay).has(['new header']);
      const third = sourceOf(relay);
      third.end.send('plain');
      await watcher.has(['old header', 'new header', 'plain']);
      const last = operatorOf(relay);
      third.end.send('more');
      await last.has(['more']);
    });

    test('replaces a source by the next one, and says so to it once', async () => {
      const relay = await create();
      const watcher = operatorOf(relay);
      const first = sourceOf(relay);
      const second = sourceOf(relay);
      await until('the first is told', () => first.replaced() === 1);
      first.end.send('of the first');
      first.end.close();
      second.end.send('of the second');
      await watcher.has(['of the second']);
      sourceOf(relay).end.send('of the third');
      await watcher.has(['of the second', 'of the third']);
      expect([first.replaced(), second.replaced()]).toEqual([1, 1]);
    });

    test('brings what operators say to the source of that moment', async () => {
      const relay = await create();
      const operator = operatorOf(relay);
      operator.end.say('to nobody');
      const source = sourceOf(relay);
      operator.end.say('hello');
      operator.end.say(bytes(3));
      await source.heard(['hello', bytes(3)]);
      source.end.close();
      operator.end.say('to nobody');
      const next = sourceOf(relay);
      operator.end.say('to the next');
      await next.heard(['to the next']);
      await source.heard(['hello', bytes(3)]);
    });

    test('brings nothing to an operator that closed, nor from one', async () => {
      const relay = await create();
      const gone = operatorOf(relay);
      const there = operatorOf(relay);
      const source = sourceOf(relay);
      gone.end.close();
      gone.end.close();
      gone.end.say('from nowhere');
      there.end.say('from here');
      source.end.send('frame');
      await there.has(['frame']);
      await source.heard(['from here']);
      await gone.has([]);
    });

    test('goes on when an operator closes while it gets a frame', async () => {
      const relay = await create();
      const leaver = operatorOf(relay, () => leaver.end.close());
      const stayer = operatorOf(relay);
      const source = sourceOf(relay);
      source.end.send('one');
      source.end.send('two');
      await stayer.has(['one', 'two']);
      await leaver.has(['one']);
    });

    test('never mixes sessions', async () => {
      const relay = await create();
      const here = operatorOf(relay);
      const elsewhere = operatorOf(relay, undefined, 'another-session');
      const source = sourceOf(relay, { hasHeader: true });
      const other = sourceOf(relay, { hasHeader: true }, 'another-session');
      source.end.send('here');
      other.end.send('elsewhere');
      here.end.say('to here');
      await here.has(['here']);
      await elsewhere.has(['elsewhere']);
      await source.heard(['to here']);
      await other.heard([]);
      expect(source.replaced()).toBe(0);
    });

    test('forgets a session that ended: its header, its source, its operators', async () => {
      const relay = await create();
      const operator = operatorOf(relay);
      const source = sourceOf(relay, { hasHeader: true });
      source.end.send('header');
      await operator.has(['header']);
      relay.near.endSession(SESSION);
      relay.far.endSession(SESSION);
      source.end.send('to nobody');
      operator.end.say('to nobody');
      const late = operatorOf(relay);
      sourceOf(relay).end.send('of another life');
      await late.has(['of another life']);
      await operator.has(['header']);
      await source.heard([]);
      source.end.close();
      operator.end.close();
    });
  });
}

function bytes(length: number): Uint8Array {
  return new Uint8Array(length).map((_, index) => (index * 31) % 256);
}

function sourceOf({ near }: RelayUnderTest, { hasHeader = false } = {}, sessionId = SESSION) {
  const heard: Frame[] = [];
  let replaced = 0;
  const end = near.openSource(sessionId, {
    hasHeader,
    hear: (frame) => heard.push(frame),
    replaced: () => {
      replaced += 1;
    },
  });
  return { end, replaced: () => replaced, heard: (frames: readonly Frame[]) => holds(heard, frames) };
}

function operatorOf({ far }: RelayUnderTest, onFrame: Receiver = () => {}, sessionId = SESSION) {
  const frames: Frame[] = [];
  const end = far.openOperator(sessionId, (frame) => {
    frames.push(frame);
    onFrame(frame);
  });
  return { end, has: (expected: readonly Frame[]) => holds(frames, expected) };
}

async function holds(actual: readonly Frame[], expected: readonly Frame[]): Promise<void> {
  await until(`${expected.length} frames are there`, () => actual.length >= expected.length);
  expect(actual.map(comparable)).toEqual(expected.map(comparable));
}

/** A number for bytes: a difference of megabytes is of no use to anybody who reads it. */
function comparable(frame: Frame): string {
  return typeof frame === 'string' ? frame : `${frame.byteLength} bytes, ${Bun.hash(frame)}`;
}
