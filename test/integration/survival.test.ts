import { expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { createDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';

const START_TIMEOUT_MS = 60_000;

async function join(server: TestServer, userId: string, roomId: string) {
  const client = await SignalingClient.connect(server.url, await server.token(userId), roomId);
  return { client, joined: await client.request('join', { protocol: 'mediasoup' }) };
}

async function describeCall(server: TestServer, userId: string, roomId: string) {
  const response = await fetch(`${server.url}/video-calls/${roomId}`, {
    headers: { authorization: `Bearer ${await server.token(userId)}` },
  });
  return { status: response.status, body: await response.json() };
}

test(
  'a call survives the restart of its server, and one to which nobody returns ends',
  async () => {
    const dataDir = await createDataDir();
    const env = { CALL_EMPTY_TIMEOUT: '5s' };
    const before = await startTestServer({ dataDir, env });
    const alice = await join(before, 'alice', 'taken-up');
    const bob = await join(before, 'bob', 'forgotten');
    await before.close();
    expect((await alice.client.closed).code).toBe(1012);
    await bob.client.closed;

    const after = await startTestServer({ dataDir, env });
    const again = await join(after, 'alice', 'taken-up');
    expect(again.joined.callId).toBe(alice.joined.callId);
    while ((await describeCall(after, 'bob', 'forgotten')).body.status !== 'ended') await Bun.sleep(50);
    expect((await describeCall(after, 'bob', 'forgotten')).body).toMatchObject({ endReason: 'empty' });
    expect((await describeCall(after, 'alice', 'taken-up')).body).toMatchObject({
      status: 'active',
      participants: [{ userId: 'alice' }],
    });
    await after.close();
    await rm(dataDir, { recursive: true });
  },
  START_TIMEOUT_MS,
);

test(
  'a call that ended while its last words were being written can be made again at once',
  async () => {
    const server = await startTestServer();
    const authorization = `Bearer ${await server.token('alice')}`;
    const callIds = new Set<string>();
    const answers: Promise<Response>[] = [];
    for (let round = 0; round < 10; round += 1) {
      const { client, joined } = await join(server, 'alice', 'again-and-again');
      callIds.add(joined.callId);
      const ended = fetch(`${server.url}/video-calls/again-and-again`, {
        method: 'DELETE',
        headers: { authorization },
      });
      await client.closed;
      // Half of the time the next join does not wait for the answer.
      if (round % 2 === 0) await ended;
      answers.push(ended);
    }
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(callIds.size).toBe(10);
    await server.close();
  },
  START_TIMEOUT_MS,
);
