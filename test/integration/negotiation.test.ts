/** Descriptions over the socket: what is answered, what is offered, what is passed on, and what is refused. No media flows here. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { failureOf } from '../support/failure.ts';
import { connect, createCall, join, publishMicrophone } from '../support/people.ts';
import { writeAnswerTo } from '../support/sdp/answers.ts';
import * as offers from '../support/sdp/offers.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { SignalingClient } from '../support/signaling-client.ts';
import { until } from '../support/until.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

const { CHROME_PLAIN, chromeAudio, chromeHead, chromeVideo, sdp } = offers;
const withRestart = (text: string) => text.replaceAll('a=ice-ufrag:Ab1+', 'a=ice-ufrag:Zz9/');

async function joinPlain(userId: string, roomId: string, data: object = {}) {
  const client = await connect(server, userId, roomId);
  const joined = await client.request('join', data);
  return { client, joined };
}

/** The next offer of the server. */
async function nextOffer(
  client: SignalingClient,
): Promise<{ text: string; tracks: Record<string, unknown> }> {
  const { sdp: description, tracks } = await client.event('offer');
  return { text: (description as { sdp: string }).sdp, tracks: tracks as Record<string, unknown> };
}

async function transports(): Promise<number> {
  return (await server.app.calls.media.dump()).transports;
}

const codeOf = async (asked: Promise<unknown>) => ((await failureOf(asked)) as { code?: string }).code;

describe('a client that offers', () => {
  test('joins without saying how, and is answered with its tracks, twice: as an event and as the response', async () => {
    const ann = await join(server, 'ann', 'offering');
    const { client, joined } = await joinPlain('bob', 'offering');
    expect(joined).toMatchObject({ protocol: 'sdp', generation: 1 });
    const answer = await client.request('offer', { sdp: CHROME_PLAIN });
    expect(answer).toMatchObject({
      connection: 'publish',
      sdp: { type: 'answer', sdp: expect.stringContaining('a=ice-lite') },
      tracks: { '0': { kind: 'audio', source: 'microphone' }, '1': { kind: 'video', source: 'camera' } },
    });
    expect<unknown>(await client.event('answer')).toEqual(answer);
    const told = [await ann.client.event('producer-added'), await ann.client.event('producer-added')];
    expect(told.map(({ track }) => track.trackId)).toEqual(
      Object.values(answer.tracks!).map(({ trackId }) => trackId),
    );
    await client.close();
    await ann.client.close();
  });

  test('says what its sections are, and mutes, pauses and closes tracks as anybody does', async () => {
    const ann = await join(server, 'ann', 'sources');
    const { client } = await joinPlain('bob', 'sources');
    const tracks = { '0': { source: 'screen-audio' as const }, '1': { source: 'screen' as const } };
    const answer = await client.request('offer', { sdp: { type: 'offer', sdp: CHROME_PLAIN }, tracks });
    expect(answer.tracks).toMatchObject({ '0': { source: 'screen-audio' }, '1': { source: 'screen' } });
    const { trackId } = answer.tracks!['1']!;
    await client.request('pause-producer', { trackId });
    await ann.client.event(
      'participant-updated',
      ({ participant }) => participant.tracks[1]?.isPaused === true,
    );
    await client.request('close-producer', { trackId });
    expect(await ann.client.event('producer-closed')).toEqual({ trackId, userId: 'bob' });
    // It still sends, and that publishes nothing again until the section was silent.
    expect(Object.keys((await client.request('offer', { sdp: CHROME_PLAIN, tracks })).tracks!)).toEqual([
      '0',
    ]);
    await client.close();
    await ann.client.close();
  });

  test('adds, silences, closes and uses sections again over one transport, and restarts ICE', async () => {
    const before = await transports();
    const { client } = await joinPlain('bob', 'sections');
    await client.event('offer');
    const audio = await client.request('offer', { sdp: sdp(chromeHead('0'), chromeAudio('0')) });
    const ids = ({ tracks = {} }: typeof audio) =>
      Object.entries(tracks).map(([mid, { trackId }]) => `${mid} ${trackId}`);
    const both = await client.request('offer', { sdp: CHROME_PLAIN });
    expect(ids(both)).toContain(ids(audio)[0]!);
    const silent = sdp(chromeHead('0', '1'), chromeAudio('0'), chromeVideo('1', 2222, 'inactive'));
    const one = await client.request('offer', { sdp: silent });
    expect(ids(one)).toEqual(ids(audio));
    expect(one.sdp?.sdp).toContain('a=inactive');
    const stopped = silent.replace('m=video 9', 'm=video 0').replace('BUNDLE 0 1', 'BUNDLE 0');
    expect((await client.request('offer', { sdp: stopped })).sdp?.sdp).toContain('m=video 0 ');
    const other = sdp(chromeHead('0', '2'), chromeAudio('0'), chromeVideo('2', 3000));
    const again = await client.request('offer', { sdp: other });
    expect(Object.keys(again.tracks!)).toEqual(['0', '2']);
    const ufragOf = (answer: typeof audio) => answer.sdp?.sdp.match(/a=ice-ufrag:(\S+)/)?.[1];
    expect(ufragOf(again)).toBe(ufragOf(audio)!);
    const restarted = await client.request('offer', { sdp: withRestart(other) });
    expect(ufragOf(restarted)).not.toBe(ufragOf(audio)!);
    expect(ids(restarted)).toEqual(ids(again));
    const versions = [audio, both, one, again, restarted].map((answer) =>
      answer.sdp?.sdp.match(/^o=kaa (\d+) (\d+)/m),
    );
    expect(new Set(versions.map((match) => match?.[1])).size).toBe(1);
    expect(versions.map((match) => Number(match?.[2]))).toEqual([1, 2, 3, 5, 6]);
    // One to publish, one on which the server offers.
    expect(await transports()).toBe(before + 2);
    await client.close();
    await until(
      'the transports are gone',
      () => server.app.calls.registry.get('sections')?.room.endpointCount !== 1,
    );
    expect(await transports()).toBe(before);
  });

  test('is refused with the reason, each time, and goes on', async () => {
    const { client } = await joinPlain('bob', 'refused');
    const refused: [string, string | { type: 'answer'; sdp: string }][] = [
      ['invalid_sdp', 'hello'],
      ['invalid_sdp', CHROME_PLAIN.replace('a=mid:1', 'a=mid:0')],
      ['invalid_sdp', CHROME_PLAIN.replaceAll(offers.FINGERPRINT, 'AB')],
      ['invalid_sdp', { type: 'answer', sdp: CHROME_PLAIN }],
      ['unsupported_codec', sdp(chromeHead('0'), chromeVideo('0')).replaceAll(/VP8|VP9|H264/g, 'AV1')],
    ];
    for (const [code, text] of refused)
      expect(await codeOf(client.request('offer', { sdp: text }))).toBe(code);
    const wrongSource = { '0': { source: 'camera' as const } };
    expect(await codeOf(client.request('offer', { sdp: CHROME_PLAIN, tracks: wrongSource }))).toBe(
      'invalid_message',
    );
    expect(await codeOf(client.request('offer', { sdp: CHROME_PLAIN, connection: 'subscribe' }))).toBe(
      'invalid_state',
    );
    expect(await codeOf(client.request('answer', { sdp: CHROME_PLAIN, connection: 'publish' }))).toBe(
      'invalid_state',
    );
    client.send({ type: 'offer', roomId: 'refused', data: { sdp: 'hello' } });
    await until('the error has come', () => client.events.some(({ type }) => (type as string) === 'error'));
    expect(await client.request('offer', { sdp: CHROME_PLAIN })).toMatchObject({
      tracks: { '0': {}, '1': {} },
    });
    await client.close();
  });

  test('goes on with the rest when a right is taken from it', async () => {
    const { client: owner } = await join(server, 'owner', 'fewer');
    const tokenFor = (...publish: ('microphone' | 'camera')[]) =>
      server.token('bob', [], { grants: { fewer: { publish, subscribe: true } } });
    const client = await SignalingClient.connect(server.url, await tokenFor('microphone', 'camera'), 'fewer');
    await client.request('join', {});
    await client.request('offer', { sdp: CHROME_PLAIN });
    await client.request('refresh-token', { token: await tokenFor('microphone') });
    await owner.event('producer-closed');
    // It still sends its camera: that is neither published nor in the way of anything else.
    expect(Object.keys((await client.request('offer', { sdp: CHROME_PLAIN })).tracks!)).toEqual(['0']);
    const screen = sdp(chromeHead('0', '1', '2'), chromeAudio('0'), chromeVideo('1'), chromeVideo('2', 3000));
    expect(await codeOf(client.request('offer', { sdp: screen }))).toBe('forbidden');
    expect(Object.keys((await client.request('offer', { sdp: CHROME_PLAIN })).tracks!)).toEqual(['0']);
    await client.close();
    await owner.close();
  });

  test('may publish what its rights allow, and nothing else', async () => {
    const owner = await join(server, 'owner', 'rights');
    const client = await SignalingClient.connect(server.url, await server.token('vic', ['viewer']), 'rights');
    await client.request('join', {});
    expect(await codeOf(client.request('offer', { sdp: CHROME_PLAIN }))).toBe('forbidden');
    await publishMicrophone(owner.client);
    const { text, tracks } = await nextOffer(client);
    // Nothing in it on which they might send.
    expect(text.match(/^m=\w+/gm)).toEqual(['m=audio']);
    expect(Object.values(tracks)).toMatchObject([{ userId: 'owner', source: 'microphone' }]);
    await client.close();
    await owner.client.close();
  });
});

describe("the server's offers", () => {
  test('come one at a time, keep their sections, and bring whatever changed meanwhile', async () => {
    const { client } = await joinPlain('bob', 'queue');
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
    const { client } = await joinPlain('bob', 'wrong');
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
    const { client, joined } = await joinPlain('bob', 'away');
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
    const { client } = await joinPlain('bob', 'closing');
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

describe('from one client to another', () => {
  test('descriptions and candidates go to that one alone, as they are, with who sent them', async () => {
    const [ann, bob, carl] = await Promise.all(
      ['ann', 'bob', 'carl'].map((who) => joinPlain(who, 'relay', { protocol: 'p2p' })),
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
    const { client, joined } = await joinPlain('ann', 'direct');
    expect(joined.protocol).toBe('p2p');
    await client.request('ping', {});
    expect(client.events.map(({ type }) => type)).toEqual(['joined']);
    expect((await join(server, 'bob', 'direct')).joined.protocol).toBe('mediasoup');
    await client.close();
  });
});

test('before the join, and to one who negotiates natively, descriptions are an error of that message', async () => {
  const outside = await connect(server, 'bob', 'nowhere');
  for (const type of ['offer', 'answer', 'ice-candidate', 'renegotiate'] as const)
    expect(await codeOf(outside.request(type, { sdp: 'x' } as never))).toBe('not_joined');
  await outside.close();
  const { client } = await join(server, 'ann', 'native');
  expect(await codeOf(client.request('offer', { sdp: CHROME_PLAIN }))).toBe('invalid_state');
  expect(await codeOf(client.request('renegotiate', {}))).toBe('invalid_state');
  await client.close();
  const plain = await joinPlain('bob', 'native');
  expect(await codeOf(plain.client.request('create-transport', { direction: 'send' }))).toBe('invalid_state');
  await plain.client.close();
});
