/** The contract of storage: what a storage elsewhere may do wrong, and what comes of it. */
import { expect } from 'bun:test';
import { inspect } from 'node:util';
import { AppError } from '../../../../src/lib/index.ts';
import { failureOf } from '../../failure.ts';
import type { Fault } from '../faults.ts';
import { sha256Of } from '../world.ts';
import type { ElsewhereCase, ElsewhereSubject } from './contract-case.ts';

const MIB = 1_024 * 1_024;
/** Three parts and more. */
const BYTES = 17 * MIB;
const ALWAYS = 1_000;
const HOUR_MS = 3_600_000;
/** So many requests are more than a file of three parts takes. */
const MAX_REQUESTS = 20;

export const ELSEWHERE_CASES: readonly ElsewhereCase[] = [
  {
    title: 'wrong credentials are told in words, and are not in what is told',
    needsStandIn: false,
    async run(subject) {
      const storage = await subject.open(subject.elsewhere.wrongCredentials);
      expect(await failureOf(storage.check())).toSatisfy(isTold(subject, /credentials/));
      expect(await failureOf(putOn(subject, storage))).toSatisfy(isTold(subject, /credentials/));
      expect(await failureOf(storage.list(subject.prefix))).toSatisfy(isTold(subject, /credentials/));
    },
  },
  {
    title: 'an address where nobody listens is told in words',
    needsStandIn: false,
    async run(subject) {
      const storage = await subject.open(subject.elsewhere.unreachable);
      for (const attempt of [() => storage.check(), () => storage.head('a/b'), () => storage.get('a/b')]) {
        expect(await failureOf(attempt())).toSatisfy(isTold(subject, /cannot be reached/));
      }
    },
  },
  {
    title: 'a missing permission is told in words',
    needsStandIn: true,
    async run(subject) {
      subject.faults.add({ fault: 'forbid', on: 'any', times: ALWAYS });
      expect(await failureOf(subject.storage.check())).toSatisfy(isTold(subject, /may not/));
    },
  },
  {
    title: 'throttling costs time, and when it lasts is told; then the put goes on where it was',
    needsStandIn: true,
    run: (subject) => overcome(subject, 'throttle', /too busy/),
  },
  {
    title: 'a storage that hangs costs time, and when it lasts is told; then the put goes on where it was',
    needsStandIn: true,
    run: (subject) => overcome(subject, 'hang', /does not answer in time/),
  },
  {
    title:
      'a storage that closes half-way costs time, and when it lasts is told; then the put goes on where it was',
    needsStandIn: true,
    run: (subject) => overcome(subject, 'cut-request', /cannot be reached, or breaks off/),
  },
  {
    title: 'a put succeeds whichever one of its answers is lost, and leaves nothing else',
    needsStandIn: true,
    timeoutMs: 120_000,
    async run(subject) {
      const { faults, world, prefix, elsewhere } = subject;
      const storage = await subject.open(elsewhere.impatient);
      for (let after = 0; after < MAX_REQUESTS; after += 1) {
        faults.clear();
        faults.add({ fault: 'lose-answer', on: 'any', times: 1, after });
        await putOn(subject, storage);
        const isOver = faults.happened === 0;
        faults.clear();
        await expectWhole(subject);
        expect(await world.strays(prefix), `after ${after}`).toEqual([]);
        await storage.delete(`${prefix}file`);
        if (isOver) return;
      }
      throw new Error('a put takes more requests than this looks at');
    },
  },
  {
    title: 'what arrives damaged is refused or taken away, and a second put mends it',
    needsStandIn: true,
    async run(subject) {
      const { storage, faults, prefix, world } = subject;
      faults.add({ fault: 'damage', on: 'upload', times: 1 });
      expect(await failureOf(putOn(subject, storage))).toSatisfy(
        isTold(subject, /differs from what was sent/),
      );
      expect(faults.happened).toBe(1);
      expect(await storage.head(`${prefix}file`)).toBeUndefined();
      await putOn(subject, storage);
      await expectWhole(subject);
      expect(await world.strays(prefix)).toEqual([]);
    },
  },
  {
    title: 'a download that breaks off or falls silent is an error, and never a short file',
    needsStandIn: true,
    async run(subject) {
      const { faults, elsewhere, prefix } = subject;
      const storage = await subject.open(elsewhere.impatient);
      await putOn(subject, storage);
      for (const [fault, words] of [
        ['cut-answer', /breaks off/],
        ['stall-answer', /does not answer in time/],
      ] as const) {
        faults.add({ fault, on: 'download', times: 1 });
        const failure = await failureOf(storage.get(`${prefix}file`).then(sha256Of));
        expect(failure).toSatisfy(isTold(subject, words));
      }
      await expectWhole(subject);
    },
  },
  {
    title: 'a clock that is an hour off is made up for, or told',
    needsStandIn: true,
    async run(subject) {
      const { elsewhere } = subject;
      for (const skew of [HOUR_MS, -HOUR_MS]) {
        elsewhere.standIn?.skewClock(skew);
        const storage = await subject.open(elsewhere.impatient);
        const failure: unknown = await putOn(subject, storage).then(
          () => undefined,
          (error: unknown) => error,
        );
        elsewhere.standIn?.skewClock(0);
        if (failure === undefined) await expectWhole(subject);
        else expect(failure).toSatisfy(isTold(subject, /the clock of this machine/));
      }
    },
  },
];

async function overcome(subject: ElsewhereSubject, fault: Fault, words: RegExp): Promise<void> {
  const { faults, elsewhere, prefix, world } = subject;
  const storage = await subject.open(elsewhere.impatient);
  faults.add({ fault, on: 'upload', times: 1 });
  await putOn(subject, storage);
  expect(faults.happened).toBe(1);
  await expectWhole(subject);
  await storage.delete(`${prefix}file`);

  faults.clear();
  faults.add({ fault, on: 'upload', times: ALWAYS, after: 2 });
  expect(await failureOf(putOn(subject, storage))).toSatisfy(isTold(subject, words));
  expect(await storage.head(`${prefix}file`)).toBeUndefined();
  faults.clear();
  const told: number[] = [];
  await putOn(subject, storage, (bytes) => told.push(bytes));
  if (world.resumes) expect(told[0]).toBeGreaterThanOrEqual(10 * MIB);
  await expectWhole(subject);
  expect(await world.strays(prefix)).toEqual([]);
}

async function putOn(
  { workshop, prefix }: ElsewhereSubject,
  storage: ElsewhereSubject['storage'],
  onProgress: (bytes: number) => void = () => {},
): Promise<void> {
  const path = await workshop.write('elsewhere', BYTES);
  await storage.put(`${prefix}file`, path, { type: 'video/mp4', onProgress });
}

async function expectWhole({ storage, workshop, prefix }: ElsewhereSubject): Promise<void> {
  const path = await workshop.write('elsewhere', BYTES);
  expect(await sha256Of(await storage.get(`${prefix}file`))).toBe(await sha256Of(Bun.file(path).stream()));
}

/** As it goes to callers and into the log: with no secret in any corner of it. */
function isTold({ elsewhere }: ElsewhereSubject, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof AppError)) throw error;
    expect(error).toMatchObject({ code: 'unavailable', fault: 'destination' });
    expect(error.message).toMatch(words);
    const everything = inspect(error, { depth: 20, showHidden: true });
    return !elsewhere.secrets.some((secret) => everything.includes(secret));
  };
}
