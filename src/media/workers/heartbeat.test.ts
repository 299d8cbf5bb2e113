import { afterEach, expect, test } from 'bun:test';
import { Heartbeat } from './heartbeat.ts';

const FAST = { intervalMs: 5, timeoutMs: 80 };
const hearts: Heartbeat[] = [];

afterEach(() => {
  for (const heart of hearts.splice(0)) heart.close();
});

function listen(ask: () => Promise<unknown>) {
  const heard = { silences: 0 };
  hearts.push(
    new Heartbeat(ask, FAST, () => {
      heard.silences += 1;
    }),
  );
  return heard;
}

test('one that answers, or refuses, is asked on and on', async () => {
  let asked = 0;
  const heard = listen(async () => {
    asked += 1;
    if (asked % 2 === 0) throw new Error('not now');
  });
  await Bun.sleep(200);
  expect(asked).toBeGreaterThan(3);
  expect(heard.silences).toBe(0);
});

test('one that does not answer in time is silent, once', async () => {
  let asked = 0;
  const heard = listen(() => {
    asked += 1;
    return new Promise(() => {});
  });
  await Bun.sleep(FAST.timeoutMs * 3);
  expect({ asked, ...heard }).toEqual({ asked: 1, silences: 1 });
});

test('an answer that came while we were busy ourselves is heard', async () => {
  const answers: (() => void)[] = [];
  const heard = listen(() => new Promise<void>((resolve) => answers.push(resolve)));
  while (answers.length === 0) await Bun.sleep(1);
  const until = performance.now() + FAST.timeoutMs * 2;
  while (performance.now() < until);
  setTimeout(() => answers[0]!(), 0);
  await Bun.sleep(FAST.timeoutMs / 2);
  expect(heard.silences).toBe(0);
});

test('a closed one asks nothing and says nothing', async () => {
  let asked = 0;
  const heart = new Heartbeat(
    async () => {
      asked += 1;
    },
    FAST,
    () => {
      throw new Error('it was closed');
    },
  );
  heart.close();
  heart.close();
  await Bun.sleep(30);
  expect(asked).toBe(0);
});
