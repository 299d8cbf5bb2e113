/** Descriptions from one client to another: they are passed on, and nothing of them is looked at. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { failureOf } from '../support/failure.ts';
import { createCall, join } from '../support/people.ts';
import { CHROME_PLAIN } from '../support/sdp/offers.ts';
import { codeOf, joinPlain } from '../support/sdp/plain-client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

describe('from one client to another', () => {
  test('descriptions and candidates go to that one alone, as they are, with who sent them', async () => {
    const [ann, bob, carl] = await Promise.all(
      ['ann', 'bob', 'carl'].map((who) => joinPlain(server, who, 'relay', { protocol: 'p2p' })),
    );
    const data = { sdp: { type: 'offer' as const, sdp: 'a text of theirs', more: [1] }, label: 'x' };
    expect(await ann!.client.request('offer', data, { targetUserId: 'bob' })).toEqual({});
    const event = () => bob!.client.events.find(({ type }) => type === 'offer');
    await until('the offer is there', () => event() !== undefined);
    expect(event()).toMatchObject({ type: 'offer', userId: 'ann', roomId: 'relay', data });
    expect((event() as { data?: unknown }).data).toEqual(data);
    await bob!.client.request('answer', { sdp: 'theirs' }, { targetUserId: 'ann' });
    expect(await ann!.client.event('answer')).toEqual({ sdp: 'theirs' });
    const candidate = { candidate: { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0' } };
    await bob!.client.request('ice-candidate', candidate, { targetUserId: 'ann' });
    expect(await ann!.client.event('ice-candidate')).toEqual(candidate);
    await carl!.client.request('ping', {});
    expect(carl!.client.events.map(({ type }) => type)).not.toContain('offer');
    const { code } = (await failureOf(ann!.client.request('offer', data, { targetUserId: 'nobody' }))) as {
      code: string;
    };
    expect(code).toBe('not_found');
    expect(await codeOf(ann!.client.request('offer', data, { targetUserId: 'bob', userId: 'carl' }))).toBe(
      'forbidden',
    );
    expect(await codeOf(ann!.client.request('offer', { sdp: CHROME_PLAIN }))).toBe('invalid_state');
    expect(await ann!.client.request('ice-candidate', candidate)).toEqual({});
    await Promise.all([ann, bob, carl].map((one) => one!.client.close()));
  });

  test('a call that is peer to peer is so for who does not say otherwise', async () => {
    await createCall(server, 'ann', { id: 'direct', settings: { topology: 'p2p' } });
    const { client, joined } = await joinPlain(server, 'ann', 'direct');
    expect(joined.protocol).toBe('p2p');
    await client.request('ping', {});
    expect(client.events.map(({ type }) => type)).toEqual(['joined']);
    expect((await join(server, 'bob', 'direct')).joined.protocol).toBe('mediasoup');
    await client.close();
  });
});
