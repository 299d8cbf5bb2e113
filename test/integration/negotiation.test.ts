/** Descriptions over the socket: what is answered, what is offered, what is passed on, and what is refused. No media flows here. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect, join, publishMicrophone } from '../support/people.ts';
import * as offers from '../support/sdp/offers.ts';
import { codeOf, joinPlain, nextOffer } from '../support/sdp/plain-client.ts';
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

async function transports(): Promise<number> {
  return (await server.app.calls.media.dump()).transports;
}

describe('a client that offers', () => {
  test('joins without saying how, and is answered with its tracks, twice: as an event and as the response', async () => {
    const ann = await join(server, 'ann', 'offering');
    const { client, joined } = await joinPlain(server, 'bob', 'offering');
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
    const { client } = await joinPlain(server, 'bob', 'sources');
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
    const { client } = await joinPlain(server, 'bob', 'sections');
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
    const { client } = await joinPlain(server, 'bob', 'refused');
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

test('before the join, and to one who negotiates natively, descriptions are an error of that message', async () => {
  const outside = await connect(server, 'bob', 'nowhere');
  for (const type of ['offer', 'answer', 'ice-candidate', 'renegotiate'] as const)
    expect(await codeOf(outside.request(type, { sdp: 'x' } as never))).toBe('not_joined');
  await outside.close();
  const { client } = await join(server, 'ann', 'native');
  expect(await codeOf(client.request('offer', { sdp: CHROME_PLAIN }))).toBe('invalid_state');
  expect(await codeOf(client.request('renegotiate', {}))).toBe('invalid_state');
  await client.close();
  const plain = await joinPlain(server, 'bob', 'native');
  expect(await codeOf(plain.client.request('create-transport', { direction: 'send' }))).toBe('invalid_state');
  await plain.client.close();
});
