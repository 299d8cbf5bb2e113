import { expect, test } from 'bun:test';
import { describeRelay } from '../../../test/support/streams/relay-contract.ts';
import { LocalRelay } from './local-relay.ts';

describeRelay('local', async () => {
  const relay = new LocalRelay();
  return { near: relay, far: relay };
});

test('the frame that arrives is the one that was sent, and no copy', () => {
  const relay = new LocalRelay();
  const frame = new Uint8Array(3);
  const received: unknown[] = [];
  relay.openOperator('a', (content) => received.push(content));
  relay.openSource('a', { hasHeader: false, hear: () => {}, replaced: () => {} }).send(frame);
  expect(received[0]).toBe(frame);
});

test('nothing is kept of sessions that nobody is in any more', () => {
  const relay = new LocalRelay();
  const options = { hear: () => {}, replaced: () => {} };
  const operator = relay.openOperator('a', () => {});
  const source = relay.openSource('a', { ...options, hasHeader: false });
  source.send('frame');
  source.close();
  operator.close();
  expect(relay.size).toBe(0);
  relay.openSource('b', { ...options, hasHeader: true }).send('header');
  expect(relay.size).toBe(1);
  relay.endSession('b');
  expect(relay.size).toBe(0);
});
