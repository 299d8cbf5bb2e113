/** The program of docs/library.md is run as it is printed there. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokens } from '../../src/auth/index.ts';
import { createDataDir, JWT_SECRET } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

const PROJECT = join(import.meta.dir, '../..');

let dataDir: string;
beforeAll(async () => {
  dataDir = await createDataDir();
}, 60_000);
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function printedProgram(): Promise<string> {
  const page = await Bun.file(join(PROJECT, 'docs/library.md')).text();
  const program = page.match(/```ts\n(.*?)```/s)?.[1];
  if (program === undefined) throw new Error('docs/library.md prints no program');
  return program;
}

/** Resolves with what `pattern` finds in what the program prints. */
async function waitFor(pattern: RegExp, output: ReadableStream<Uint8Array>): Promise<string> {
  let printed = '';
  const decoder = new TextDecoder();
  for await (const chunk of output) {
    printed += decoder.decode(chunk, { stream: true });
    const found = printed.match(pattern)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`the program ended after printing: ${printed}`);
}

test('it serves a call of two, and ends by itself once it is closed', async () => {
  const program = Bun.spawn([process.execPath, 'run', '-'], {
    cwd: PROJECT,
    stdin: new Blob([await printedProgram()]),
    stdout: 'pipe',
    stderr: 'inherit',
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: '0',
      WEBRTC_PORT: '0',
      WEBRTC_WORKERS: '1',
      JWT_SECRET,
    },
  });
  try {
    const url = (await waitFor(/calls at (\S+)\/\n/, program.stdout)).replace('localhost', '127.0.0.1');
    const tokens = new Tokens(JWT_SECRET);
    const come = async (userId: string) => {
      const { token } = await tokens.issue({ userId, roles: ['host'], lifetimeSeconds: 60 });
      const client = await SignalingClient.connect(url, token, 'standup');
      const { iceServers } = await client.request('join', { protocol: 'mediasoup' });
      expect(iceServers).toEqual([{ urls: ['stun:stun.l.google.com:19302'] }]);
      return { client, token };
    };
    const { client: alice, token } = await come('alice');
    const { client: bob } = await come('bob');
    await bob.request('chat', { text: 'hello' });
    expect(await alice.event('chat')).toMatchObject({ userId: 'bob', text: 'hello' });
    const call = await fetch(`${url}/video-calls/standup`, { headers: { authorization: `Bearer ${token}` } });
    expect(await call.json()).toMatchObject({ maxParticipants: 12, participants: [{}, {}] });

    program.kill('SIGTERM');
    expect(await alice.closed).toMatchObject({ code: 1012 });
    // Nothing is left that would keep it alive: no timer, no worker, no socket.
    expect(await program.exited).toBe(0);
  } finally {
    program.kill('SIGKILL');
  }
}, 60_000);
