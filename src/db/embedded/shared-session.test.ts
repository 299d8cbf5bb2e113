/** Whose turn it is on the one session, with a server that is played here. */
import { expect, test } from 'bun:test';
import { SharedSession } from './shared-session.ts';
import { simpleQuery } from './wire.ts';

const STARTUP = Uint8Array.of(0, 0, 0, 8, 0, 3, 0, 0);
const READY = Uint8Array.of(0x5a, 0, 0, 0, 5, 0x49);

/** Answers BEGIN, COMMIT, ROLLBACK and `fail` as a server would, everything else without a change of its status. */
function play() {
  const log: string[] = [];
  const failures: unknown[] = [];
  const answers: string[] = [];
  let status = 'I';
  const session = new SharedSession({
    execute: async (bytes) => {
      const text =
        bytes[0] === 0x51 ? new TextDecoder().decode(bytes.subarray(5, -1)) : `<${bytes.length} bytes>`;
      log.push(text);
      await Promise.resolve();
      if (text === 'crash') throw new Error('crashed');
      if (text.startsWith('BEGIN')) status = 'T';
      if (text.includes('fail') && status === 'T') status = 'E';
      if (text === 'COMMIT' || text === 'ROLLBACK') status = 'I';
      return Uint8Array.of(0x5a, 0, 0, 0, 5, status.charCodeAt(0));
    },
    onAnswer: (connection, bytes) => answers.push(`${connection}${String.fromCharCode(bytes.at(-1)!)}`),
    onFailure: (connection) => failures.push(connection),
  });
  for (const connection of [1, 2]) session.submit(connection, STARTUP);
  const query = (connection: number, text: string) => session.submit(connection, simpleQuery(text));
  return { session, query, log, answers, failures, forget: () => log.splice(0) };
}

test('others wait until a transaction has ended', async () => {
  const { session, query, log, forget } = play();
  await session.idle();
  forget();
  query(1, 'BEGIN');
  query(2, 'other');
  await session.idle();
  query(1, 'inside');
  query(1, 'COMMIT');
  await session.idle();
  expect(log).toEqual(['BEGIN', 'inside', 'COMMIT', 'other']);
});

test('others wait between the two halves of an extended query', async () => {
  const half = Uint8Array.of(0x50, 0, 0, 0, 4);
  const sync = Uint8Array.of(0x53, 0, 0, 0, 4);
  const served: number[] = [];
  const session = new SharedSession({
    execute: async (bytes) => (bytes[0] === half[0] ? new Uint8Array(0) : READY),
    onAnswer: (connection) => served.push(connection),
    onFailure: () => {},
  });
  session.submit(1, STARTUP);
  session.submit(2, STARTUP);
  session.submit(1, half);
  session.submit(2, simpleQuery('other'));
  await session.idle();
  expect(served).toEqual([1, 2, 1]);
  session.submit(1, sync);
  await session.idle();
  expect(served).toEqual([1, 2, 1, 1, 2]);
});

test('a text that fails in a transaction of its own is rolled back before anybody is answered', async () => {
  const { session, query, log, answers, forget } = play();
  await session.idle();
  forget();
  query(1, 'BEGIN; fail');
  query(2, 'other');
  await session.idle();
  expect(log).toEqual(['BEGIN; fail', 'ROLLBACK', 'other']);
  expect(answers.slice(-2)).toEqual(['1I', '2I']);
});

test('a failing query in a transaction leaves the rollback to its owner', async () => {
  const { session, query, log, forget } = play();
  await session.idle();
  forget();
  query(1, 'BEGIN');
  query(1, 'fail');
  query(2, 'other');
  await session.idle();
  expect(log).toEqual(['BEGIN', 'fail']);
  query(1, 'ROLLBACK');
  await session.idle();
  expect(log).toEqual(['BEGIN', 'fail', 'ROLLBACK', 'other']);
});

test('who hangs up in a transaction is rolled back, and what they had asked is dropped', async () => {
  const { session, query, log, forget } = play();
  await session.idle();
  forget();
  query(1, 'BEGIN');
  await session.idle();
  query(2, 'other');
  session.hangUp(1);
  session.hangUp(1);
  await session.idle();
  expect(log.at(-2)).toBe('ROLLBACK');
  expect(log.at(-1)).toBe('other');
});

test('a server that fails is told to the one who asked, and the others go on', async () => {
  const { session, query, log, failures } = play();
  query(1, 'crash');
  query(2, 'other');
  await session.idle();
  expect(failures).toEqual([1]);
  expect(log.at(-1)).toBe('other');
});
