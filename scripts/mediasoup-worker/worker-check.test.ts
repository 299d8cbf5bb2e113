import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkWorker, describeExit } from './worker-check.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kaa-check-'));
});

afterAll(async () => await rm(directory, { recursive: true, force: true }));

async function makeProgram(name: string, text: string, mode = 0o755): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text, { mode });
  return path;
}

describe('checking a worker', () => {
  test('accepts a program that sends a message on its channel, given the version', async () => {
    const path = await makeProgram(
      'answers',
      '#!/bin/sh\n[ "$MEDIASOUP_VERSION" = 9.9.9 ] || exit 41\nprintf running >&4\nread -r request <&3\n',
    );
    expect(await checkWorker(path, '9.9.9')).toEqual({ isWorking: true });
    expect(await checkWorker(path, '1.0.0')).toEqual({
      isWorking: false,
      reason: 'it exited with code 41 without a word.',
    });
  });

  test('repeats what a program said that ended', async () => {
    const path = await makeProgram('complains', '#!/bin/sh\necho "no such option" >&2\nexit 3\n');
    expect(await checkWorker(path, '9.9.9')).toEqual({
      isWorking: false,
      reason: 'it exited with code 3: no such option',
    });
  });

  test('gives up on a program that says nothing', async () => {
    const path = await makeProgram('silent', '#!/bin/sh\nread -r request <&3\n');
    expect(await checkWorker(path, '9.9.9', { timeoutMs: 50 })).toEqual({
      isWorking: false,
      reason: 'it said nothing for 0.05 s.',
    });
  });

  test('tells apart what is missing, a folder, not executable, or for another machine', async () => {
    const check = async (path: string) => {
      const answer = await checkWorker(path, '9.9.9');
      return answer.isWorking ? 'works' : answer.reason;
    };
    expect(await check(join(directory, 'nowhere'))).toBe('there is no such file.');
    await mkdir(join(directory, 'folder'));
    expect(await check(join(directory, 'folder'))).toBe('it is not a file.');
    expect(await check(await makeProgram('plain', '#!/bin/sh\n', 0o644))).toContain('not executable');
    const foreign = await makeProgram('foreign', '\u007fELF and nothing that this machine could run');
    expect(await check(foreign)).toBe('it is not a program for this kind of machine.');
  });

  test('names the missing library and its package', () => {
    const errors =
      'worker: error while loading shared libraries: libsrtp2.so.1: cannot open shared object file: No such file';
    expect(describeExit({ code: 127, signal: null, errors })).toBe(
      'the library libsrtp2.so.1 is not installed or cannot be loaded (Debian package libsrtp2-1).',
    );
  });

  test('names the version that the system is too old for', () => {
    const errors = "worker: /lib/libc.so.6: version `GLIBC_2.38' not found (required by worker)";
    expect(describeExit({ code: 1, signal: null, errors })).toContain('it needs GLIBC_2.38');
  });
});
