import { expect, test } from 'bun:test';
import { Alarm } from './alarm.ts';

const inMs = (ms: number) => new Date(Date.now() + ms);

/** An alarm, its first ring, and how often it rang. */
function newAlarm() {
  const rung = Promise.withResolvers<number>();
  let count = 0;
  const alarm = new Alarm(() => {
    count += 1;
    rung.resolve(Date.now());
  });
  return { alarm, rung: rung.promise, count: () => count };
}

test('it rings at its moment, not before', async () => {
  const { alarm, rung } = newAlarm();
  const at = inMs(30);
  alarm.set(at);
  expect(await rung).toBeGreaterThanOrEqual(at.getTime());
});

test('a moment that is past rings soon, but not at once', async () => {
  const { alarm, rung, count } = newAlarm();
  alarm.set(inMs(-1_000));
  expect(count()).toBe(0);
  await rung;
});

test('a moment a year ahead does not ring today', async () => {
  const { alarm, count } = newAlarm();
  alarm.set(inMs(365 * 24 * 3_600_000));
  await Bun.sleep(20);
  expect(count()).toBe(0);
  alarm.cancel();
});

test('setting it again replaces the moment, and cancelling leaves none', async () => {
  const { alarm, rung, count } = newAlarm();
  alarm.set(inMs(0));
  alarm.set(inMs(20));
  await rung;
  alarm.set(inMs(0));
  alarm.cancel();
  alarm.cancel();
  await Bun.sleep(20);
  expect(count()).toBe(1);
});
