import { describe, expect, test } from 'bun:test';
import { Outbox } from './outbox.ts';
import { Rounds } from './rounds.ts';

function createOutbox(rounds = new Rounds()) {
  const writes: string[][] = [];
  const wire = { unsentBytes: 0, overflows: 0 };
  const first = Promise.withResolvers<void>();
  const outbox = new Outbox({
    link: {
      send: (texts) => {
        writes.push([...texts]);
        first.resolve();
      },
      get unsentBytes() {
        return wire.unsentBytes;
      },
      ping: () => {},
      close: () => {},
    },
    rounds,
    maxUnsentBytes: 10,
    onOverflow: () => {
      wire.overflows += 1;
    },
  });
  return { outbox, writes, wire, written: first.promise };
}

describe('Outbox', () => {
  test('lets what may wait leave together, by itself', async () => {
    const { outbox, writes, written } = createOutbox();
    for (const text of ['a', 'b', 'c']) outbox.sendSoon(text);
    expect(writes).toEqual([]);
    await written;
    expect(writes).toEqual([['a', 'b', 'c']]);
  });

  test('sends an answer at once, and before it what waited', () => {
    const { outbox, writes } = createOutbox();
    outbox.sendSoon('event');
    outbox.send('answer');
    outbox.send('another');
    expect(writes).toEqual([['event', 'answer'], ['another']]);
  });

  test('goes on after a round, and shares it with others', async () => {
    const rounds = new Rounds();
    const [ann, bob] = [createOutbox(rounds), createOutbox(rounds)];
    ann.outbox.sendSoon('1');
    bob.outbox.sendSoon('1');
    await ann.written;
    ann.outbox.sendSoon('2');
    rounds.close();
    expect([ann.writes, bob.writes]).toEqual([[['1'], ['2']], [['1']]]);
  });

  test('sends nothing of what waited when the socket is gone', () => {
    const rounds = new Rounds();
    const { outbox, writes } = createOutbox(rounds);
    outbox.sendSoon('event');
    outbox.clear();
    rounds.close();
    expect(writes).toEqual([]);
  });

  test('tells of a client that does not read', () => {
    const { outbox, wire } = createOutbox();
    outbox.send('fits');
    wire.unsentBytes = 11;
    outbox.send('too much');
    expect(wire.overflows).toBe(1);
  });
});
