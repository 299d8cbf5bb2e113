import { expect, test } from 'bun:test';
import { TwilioStream } from './twilio-stream.ts';

const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 };
const start = { callSid: 'CA1', customParameters: { call_id: 'one' }, mediaFormat };

function open(startTimeoutMs: number) {
  const told: string[] = [];
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const socket = { send: () => {}, unsent: 0, close };
  const stream = new TwilioStream(socket, ({ callId }) => told.push(callId), startTimeoutMs);
  return { stream, told, closed };
}

test('a socket that never says which call it is is closed', async () => {
  const { stream, told, closed } = open(1);
  stream.receive(JSON.stringify({ event: 'connected' }));
  await closed;
  stream.receive(JSON.stringify({ event: 'start', streamSid: 'MZ1', start }));
  expect(told).toEqual([]);
});

test('one that has said it stays, and says it once', async () => {
  const { stream, told, closed } = open(20);
  for (let time = 0; time < 2; time += 1)
    stream.receive(JSON.stringify({ event: 'start', streamSid: 'MZ1', start }));
  const outcome = await Promise.race([closed.then(() => 'closed'), Bun.sleep(60).then(() => 'open')]);
  expect([outcome, told]).toEqual(['open', ['one']]);
  stream.close();
  await closed;
});
