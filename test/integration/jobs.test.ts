import { expect, test } from 'bun:test';
import type { Database } from '../../src/db/index.ts';
import { Jobs, type Queue, type QueueOptions } from '../../src/jobs/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { until } from '../support/until.ts';

const logger = createLogger({ level: 'silent', format: 'json', service: 'test' });
const QUEUE = { name: 'sums', concurrency: 2, retryLimit: 2, retryDelay: 1, retryDelayMax: 1 };
const TIMEOUT_MS = 30_000;

type Open = (run: QueueOptions['run']) => Promise<{ jobs: Jobs; queue: Queue }>;

/** Whoever works on the queue stops before the database does. */
async function withDatabase(
  database: Database,
  use: (open: Open, database: Database) => Promise<void>,
): Promise<void> {
  const opened: Jobs[] = [];
  try {
    await use(async (run) => {
      const jobs = await Jobs.create({ database, logger, isAlone: true });
      opened.push(jobs);
      return { jobs, queue: await jobs.work({ ...QUEUE, run }) };
    }, database);
  } finally {
    await Promise.all(opened.map((jobs) => jobs.close()));
  }
}

describeOnEachDatabase('jobs', (openDatabase) => {
  const check = (name: string, use: (open: Open, database: Database) => Promise<void>) =>
    test(name, async () => withDatabase(await openDatabase(), use), TIMEOUT_MS);

  check('a job is done once, however often it is asked for while it waits or runs', async (open) => {
    const done: string[] = [];
    const asked = Promise.withResolvers<void>();
    const { queue } = await open(async (key) => {
      // It runs until it was asked for again: after its end it may be done again.
      await asked.promise;
      done.push(key);
    });
    await Promise.all([queue.send('a'), queue.send('a'), queue.send('a')]);
    asked.resolve();
    await until('the job is done', () => done.length === 1);
    await queue.send('b');
    await until('the next one is', () => done.includes('b'));
    expect(done).toEqual(['a', 'b']);
  });

  check(
    'one that fails is tried again, knows which attempt it is, and is given up after the last',
    async (open) => {
      const attempts: { number: number; isLast: boolean }[] = [];
      const { queue } = await open(async (_key, attempt) => {
        attempts.push(attempt);
        throw new Error('not today');
      });
      await queue.send('a');
      await until('it was tried three times', () => attempts.length === 3, TIMEOUT_MS);
      expect(attempts).toEqual([
        { number: 1, isLast: false },
        { number: 2, isLast: false },
        { number: 3, isLast: true },
      ]);
    },
  );

  check('one that runs is told when it is cancelled, and its key is free again', async (open) => {
    const started: string[] = [];
    const reasons: unknown[] = [];
    const { queue } = await open(async (key, _attempt, signal) => {
      started.push(key);
      if (started.length > 1) return;
      await untilAborted(signal).catch((reason: unknown) => {
        reasons.push(reason);
        throw reason;
      });
    });
    await queue.send('a');
    await until('it runs', () => started.length === 1);
    await queue.cancel('a');
    await queue.cancel('never sent');
    await until('it was told', () => reasons.length === 1);
    expect(String(reasons[0])).toContain('cancelled');
    await queue.send('a');
    await until('it runs again', () => started.length === 2);
  });

  check('one that the database takes for dead is not done beside itself', async (open, database) => {
    const gate = Promise.withResolvers<void>();
    const steps: string[] = [];
    const { queue } = await open(async (_key, { number }) => {
      steps.push(`${number} begins`);
      if (number === 1) await gate.promise;
      steps.push(`${number} ends`);
    });
    await queue.send('a');
    await until('it runs', () => steps.length === 1);
    // As after a database that was away for longer than a process may be silent.
    while ((await countOf(database, 'retry_count = 1')) === 0) {
      await database.executeSql(
        "update jobs.job set heartbeat_on = now() - interval '1 hour' where state = 'active' and retry_count = 0",
      );
      await Bun.sleep(50);
    }
    gate.resolve();
    await until('the second one had its turn', () => steps.length === 4);
    expect(steps).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
  });

  check('what a process left as running, without a word, is done at once by the next one', async (open) => {
    const started: string[] = [];
    const first = await open((key, _attempt, signal) => {
      started.push(`first ${key}`);
      return untilAborted(signal);
    });
    await first.queue.send('a');
    await until('it runs', () => started.length === 1);
    await open(async (key) => void started.push(`second ${key}`));
    await until('the next one has it', () => started.length === 2);
    expect(started).toEqual(['first a', 'second a']);
    await first.jobs.close();
    await first.jobs.close();
  });
});

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

async function countOf(database: Database, condition: string): Promise<number> {
  const { rows } = await database.executeSql(`select id from jobs.job where ${condition}`);
  return rows.length;
}
