/** What the server offers over the socket, and how it takes the answers. No media flows here. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect, join, publishMicrophone } from '../support/people.ts';
import { writeAnswerTo } from '../support/sdp/answers.ts';
import { CHROME_PLAIN } from '../support/sdp/offers.ts';
import { codeOf, joinPlain, nextOffer } from '../support/sdp/plain-client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

describe("the server's offers", () => {
  test('come one at a time, keep their sections, and bring whatever changed meanwhile', async () => {
    const { client } = await joinPlain(server, 'bob', 'queue');
    const first = await nextOffer(client);
    expect(first.text.match(/^m=\w+/gm)).toEqual(['m=audio', 'm=video']);
    const ann = await join(server, 'ann', 'queue');
    const { trackId } = await publishMicrophone(ann.client);
    const carl = await join(server, 'carl', 'queue');
    await publishMicrophone(carl.client);
    await client.request('ping', {});
    expect(client.events.filter(({ type }) => type === 'offer')).toEqual([]);
    await client.request('answer', { sdp: writeAnswerTo(first.text) }, { targetUserId: 'sfu' });
    const second = await nextOffer(client);
    expect(second.tracks).toMatchObject({ '2': { userId: 'ann', trackId }, '3': { userId: 'carl' } });
    expect(second.text).toContain(`a=msid:ann ${trackId}\r\n`);
    await client.request('answer', {
      sdp: writeAnswerTo(second.text, 'inactive', 'inactive', 'recvonly', 'recvonly'),
    });
    await ann.client.close();
    const third = await nextOffer(client);
    expect(Object.keys(third.tracks)).toEqual(['3']);
    expect(third.text.split('m=')[3]).toContain('a=inactive');
    await client.request('answer', {
      sdp: writeAnswerTo(third.text, 'inactive', 'inactive', 'inactive', 'recvonly'),
    });
    const back = await join(server, 'ann', 'queue');
    await publishMicrophone(back.client);
    const fourth = await nextOffer(client);
    expect(fourth.tracks).toMatchObject({ '2': { userId: 'ann' }, '3': { userId: 'carl' } });
    expect(fourth.text.match(/^a=mid:.*/gm)).toEqual(second.text.match(/^a=mid:.*/gm)!);
    await Promise.all([client, carl.client, back.client].map((socket) => socket.close()));
  });

  test('are answered by one who publishes in them, wrongly at first', async () => {
    const ann = await join(server, 'ann', 'wrong');
    const { client } = await joinPlain(server, 'bob', 'wrong');
    expect(await codeOf(client.request('answer', { sdp: CHROME_PLAIN }))).toBe('invalid_sdp');
    const { text } = await nextOffer(client);
    expect(await codeOf(client.request('answer', { sdp: 'v=0' }))).toBe('invalid_sdp');
    const sends = 'sendonly\na=ssrc:77 cname:bob';
    const foreign = writeAnswerTo(text, sends).replaceAll('111', '109');
    expect(await codeOf(client.request('answer', { sdp: foreign }))).toBe('invalid_sdp');
    const { tracks } = await client.request('answer', {
      sdp: { type: 'answer', sdp: writeAnswerTo(text, sends) },
    });
    expect(tracks).toMatchObject({ '0': { kind: 'audio', source: 'microphone' } });
    expect((await ann.client.event('producer-added')).track.trackId).toBe(tracks!['0']!.trackId);
    // The section is taken; the next one waits.
    const next = await nextOffer(client);
    expect(next.text.match(/^m=\w+/gm)).toEqual(['m=audio', 'm=video', 'm=audio']);
    await client.request('answer', { sdp: writeAnswerTo(next.text) });
    expect(await ann.client.event('producer-closed')).toMatchObject({ userId: 'bob' });
    expect(await codeOf(client.request('answer', { sdp: writeAnswerTo(next.text) }))).toBe('invalid_state');
    await client.close();
    await ann.client.close();
  });

  test('are said again to one who was away, and come anew when asked for', async () => {
    const { client, joined } = await joinPlain(server, 'bob', 'away');
    const { text } = await nextOffer(client);
    await client.cut();
    const back = await connect(server, 'bob', 'away');
    await back.request('resume', { resumeToken: joined.resumeToken });
    expect((await nextOffer(back)).text).toBe(text);
    await back.request('answer', { sdp: writeAnswerTo(text) });
    await back.request('renegotiate', { how: 'ice-restart' });
    const restarted = (await nextOffer(back)).text;
    expect(restarted.match(/a=ice-ufrag:.*/)![0]).not.toBe(text.match(/a=ice-ufrag:.*/)![0]);
    expect(await codeOf(back.request('renegotiate', { connection: 'publish' }))).toBe('invalid_state');
    const other = writeAnswerTo(restarted)
      .replaceAll('AB', 'AB')
      .replaceAll(/(a=fingerprint:sha-256 )../g, '$1EE');
    expect(await codeOf(back.request('answer', { sdp: other }))).toBe('invalid_state');
    await back.request('renegotiate', { how: 'new-connection', simulcast: true });
    const fresh = await nextOffer(back);
    expect(fresh.text).toContain('a=simulcast:recv q;h;f');
    await back.request('answer', {
      sdp: writeAnswerTo(fresh.text).replaceAll(/(a=fingerprint:sha-256 )../g, '$1EE'),
    });
    await back.close();
  });

  test('end for sections that a client closes: what was on them is not offered again', async () => {
    const ann = await join(server, 'ann', 'closing');
    await publishMicrophone(ann.client);
    const { client } = await joinPlain(server, 'bob', 'closing');
    const first = await nextOffer(client);
    await client.request('answer', { sdp: writeAnswerTo(first.text, 'inactive', 'closed', 'closed') });
    const second = await nextOffer(client);
    expect(second.tracks).toEqual({});
    expect(second.text.match(/^m=\w+ \d/gm)).toEqual(['m=audio 9', 'm=video 0', 'm=audio 0']);
    await client.request('answer', { sdp: writeAnswerTo(second.text, 'inactive', 'closed', 'closed') });
    await client.request('ping', {});
    expect(client.events.filter(({ type }) => type === 'offer')).toEqual([]);
    await client.close();
    await ann.client.close();
  });
});
