/** A finish that is killed, aborted or done twice: what comes out in the end is the same, and nothing is left of the rest. */
import { afterEach, expect, test } from 'bun:test';
import { readdirSync, readlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../src/observability/index.ts';
import { type FinishPhase, finishRecording } from '../../src/recording/finish/index.ts';
import { failureOf } from '../support/failure.ts';
import { RecordingFolder } from '../support/media/recording-folder.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 90_000;
const logger = createLogger({ level: 'fatal', format: 'json', service: 'kaa-test' });
const never = new AbortController().signal;

let folder: RecordingFolder;

afterEach(() => folder.remove());

async function record(): Promise<void> {
  folder = await RecordingFolder.create();
  for (const [index, userId] of ['ann', 'bob'].entries()) {
    const fromMs = index * 1_000;
    folder.joined(fromMs, userId);
    await folder.segment({ trackId: folder.published(fromMs, userId, 'camera'), fromMs, seconds: 4 });
    await folder.segment({ trackId: folder.published(fromMs, userId, 'microphone'), fromMs, seconds: 4 });
  }
  await folder.close(5_000);
}

async function finish(signal = never, onProgress: (phase: FinishPhase) => void = () => {}) {
  const { files } = await finishRecording(folder.path, { signal, onProgress, logger });
  return files.map(({ name, size, sha256 }) => ({ name, size, sha256 }));
}

/** Resolves when it was killed in the midst of that phase. */
async function killIn(phase: FinishPhase): Promise<void> {
  const script = join(import.meta.dir, '../support/media/finish-in-process.ts');
  const child = Bun.spawn([process.execPath, script, folder.path, phase], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await child.exited;
  expect(child.signalCode).toBe('SIGKILL');
}

/** Working folders of the tools that work on it. */
function listTools(): string[] {
  const folders = readdirSync('/proc').map((name) => {
    try {
      return readlinkSync(`/proc/${name}/cwd`);
    } catch {
      return '';
    }
  });
  return folders.filter((path) => path.startsWith(folder.path));
}

test(
  'killed in any phase and called again it gives what one that was left alone gives, and does it once more with the same files',
  async () => {
    await record();
    const undisturbed = await finish();
    expect(await readdir(folder.path)).not.toContain('finish');
    // Nothing is made again.
    const phases: FinishPhase[] = [];
    expect(await finish(never, (phase) => phases.push(phase))).toEqual(undisturbed);
    expect(phases).toEqual([]);
    await rm(join(folder.path, 'output'), { recursive: true });
    for (const phase of [
      'remuxing',
      'normalising',
      'composing',
      'mixing',
      'encoding',
      'thumbnails',
      'manifest',
    ] as const) {
      await killIn(phase);
      await until('no tool works on', () => listTools().length === 0);
    }
    expect(await finish()).toEqual(undisturbed);
    const files = await readdir(join(folder.path, 'output'));
    expect(files.toSorted()).toEqual(undisturbed.map(({ name }) => name).toSorted());
  },
  TIMEOUT_MS,
);

test(
  'aborted it rejects with the reason, after every ffmpeg is gone, and goes on from there the next time',
  async () => {
    await record();
    for (const phase of ['normalising', 'composing', 'encoding'] as const) {
      const abort = new AbortController();
      const reason = new Error('the server stops');
      const stop = (current: FinishPhase) => current === phase && abort.abort(reason);
      expect(await failureOf(finish(abort.signal, stop))).toBe(reason);
      expect(listTools()).toEqual([]);
      expect(
        (await readdir(join(folder.path, 'finish'))).filter((name) => name.startsWith('unfinished')),
      ).toEqual([]);
    }
    expect(await failureOf(finish(AbortSignal.abort('at once')))).toBe('at once');
    expect(await finish()).toHaveLength(5);
  },
  TIMEOUT_MS,
);
