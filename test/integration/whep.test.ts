/** WHEP as SPEC 5.3 has it: one test a rule, with a WebRTC stack that is neither ours nor a browser's. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Encoder } from '../support/ingest/encoder.ts';
import { ask, FRAGMENT, type Posted, postOffer } from '../support/ingest/http.ts';
import { Player } from '../support/ingest/player.ts';
import { createCall, join, publishMicrophone } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 60_000;
/** As the room numbers them. */
const OURS = { opus: 111, vp8: 96 };
const OTHERS = { opus: 109, vp8: 120 };
const SDP = 'application/sdp';

let server: TestServer;
const closing: (() => void)[] = [];

beforeAll(async () => {
  server = await startTestServer();
}, TIMEOUT_MS);

afterAll(async () => {
  for (const close of closing) close();
  await server?.close();
}, TIMEOUT_MS);

async function player(codecs = OURS): Promise<Player> {
  const made = await Player.offering(codecs);
  closing.push(() => made.close());
  return made;
}

async function publish(roomId: string, userId: string): Promise<Posted & { readonly token: string }> {
  const encoder = await Encoder.create();
  closing.push(() => encoder.close());
  const token = await server.token(userId);
  const posted = await postOffer(server, `/whip/${roomId}`, token, encoder.offer);
  await encoder.connect(posted.body);
  return { ...posted, token };
}

const callOf = (roomId: string) => server.app.calls.registry.get(roomId);

function viewersOf(roomId: string) {
  return [...(callOf(roomId)?.participants.values() ?? [])].filter(({ isHidden }) => isHidden);
}

/** Resolves when so many tracks flow to the viewer. */
async function flowing(roomId: string, tracks: number): Promise<string[]> {
  for (;;) {
    const [viewer] = viewersOf(roomId);
    const flows = (await viewer?.stats())?.down.tracks ?? [];
    const moving = flows.filter(({ bitrate }) => bitrate > 0);
    if (moving.length === tracks) return moving.map(({ trackId }) => trackId).toSorted();
    await Bun.sleep(50);
  }
}

function tracksOf(roomId: string, userId: string): string[] {
  return [...(callOf(roomId)?.participants.get(userId)?.publications.keys() ?? [])].toSorted();
}

async function watch(path: string, token: string, codecs = OURS) {
  const client = await player(codecs);
  const posted = await postOffer(server, path, token, client.description);
  return { client, posted, token };
}

describe('POST /whep/:callId', () => {
  test(
    'is answered 201 with an answer, when the numbers of the codecs are the same; sound and picture flow',
    async () => {
      await publish('seen', 'studio');
      const { posted, client } = await watch('/whep/seen', await server.token('vera', ['viewer']));
      expect(posted.status).toBe(201);
      expect(posted.headers.get('location')).toMatch(/^\/whep\/sessions\/[0-9a-f-]{36}$/);
      expect(posted.headers.get('etag')).toMatch(/^"[^"]+"$/);
      expect(posted.headers.get('accept-patch')).toContain(FRAGMENT);
      expect(posted.body.match(/a=sendonly/g)).toHaveLength(2);
      expect(posted.body).not.toContain('a=ssrc:');
      await client.connect(posted.body);
      expect(await flowing('seen', 2)).toEqual(tracksOf('seen', 'studio'));
    },
    TIMEOUT_MS,
  );

  test(
    'is answered 406 with a counter-offer where the numbers differ; the answer comes by PATCH, 204, and media flows',
    async () => {
      await publish('renumbered', 'studio');
      const { posted, token } = await watch('/whep/renumbered', await server.token('vera'), OTHERS);
      expect(posted.status).toBe(406);
      expect(posted.headers.get('content-type')).toBe(SDP);
      expect(posted.headers.get('location')).toMatch(/^\/whep\/sessions\//);
      const answering = await Player.answering(posted.body);
      closing.push(() => answering.close());
      const patch = (body: string) => ask(server, 'PATCH', posted.session, { token, type: SDP, body });
      expect(await patch('nonsense')).toMatchObject({ status: 400, error: 'invalid_sdp' });
      expect((await patch(answering.description)).status).toBe(204);
      await answering.connect();
      expect(await flowing('renumbered', 2)).toEqual(tracksOf('renumbered', 'studio'));
      expect(await patch(answering.description)).toMatchObject({ status: 409, error: 'invalid_state' });
    },
    TIMEOUT_MS,
  );

  test('409 with Retry-After while nobody publishes; 404 for a call that is not there', async () => {
    const alice = await join(server, 'alice', 'quiet');
    const { posted } = await watch('/whep/quiet', await server.token('vera'));
    expect(posted).toMatchObject({ status: 409, error: 'no_publisher' });
    expect(Number(posted.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(viewersOf('quiet')).toEqual([]);
    await alice.client.close();
    // Who only looks makes no call, though a join would.
    expect((await watch('/whep/unmade', await server.token('vera'))).posted).toMatchObject({ status: 409 });
    expect(
      (
        await fetch(`${server.url}/video-calls/unmade`, {
          headers: { authorization: `Bearer ${await server.token('vera')}` },
        })
      ).status,
    ).toBe(404);
    expect(callOf('unmade')).toBeUndefined();
    const viewer = await server.token('vera', ['viewer']);
    expect((await watch('/whep/nowhere', viewer)).posted).toMatchObject({
      status: 404,
      error: 'call_not_found',
    });
  });

  test(
    'the viewer is hidden: nobody is told, it does not count, and the same user may be in the call besides',
    async () => {
      await createCall(server, 'hanna', { id: 'hidden', maxParticipants: 2 });
      await publish('hidden', 'studio');
      const vera = await join(server, 'vera', 'hidden');
      vera.client.events.length = 0;
      const token = await server.token('vera');
      const first = await watch('/whep/hidden', token);
      const second = await watch('/whep/hidden', token);
      expect([first.posted.status, second.posted.status]).toEqual([201, 201]);
      await vera.client.request('ping', {});
      expect(vera.client.events.map(({ type }) => type)).not.toContain('participant-joined');
      expect(callOf('hidden')?.visibleParticipants.map(({ userId }) => userId)).toEqual(['studio', 'vera']);
      await vera.client.close();
    },
    TIMEOUT_MS,
  );

  test('needs the right to subscribe: 403, and 401 without a token', async () => {
    await createCall(server, 'hanna', { id: 'private', access: 'invited' });
    expect((await watch('/whep/private', await server.token('vera'))).posted).toMatchObject({ status: 403 });
    const grants = { private: { publish: ['microphone'] as 'microphone'[] } };
    expect((await watch('/whep/private', await server.token('vera', [], { grants }))).posted).toMatchObject({
      status: 403,
      error: 'forbidden',
    });
    const { description } = await player();
    expect(await ask(server, 'POST', '/whep/private', { type: SDP, body: description })).toMatchObject({
      status: 401,
    });
  });

  test('a bad offer is 400, one without a codec of those published 422, another type 415', async () => {
    await publish('codecs', 'studio');
    const token = await server.token('vera');
    const { description } = await player();
    const post = (sdp: string) => postOffer(server, '/whep/codecs', token, sdp);
    expect(await post('nonsense')).toMatchObject({ status: 400, error: 'invalid_sdp' });
    expect(await post(description.replaceAll(/opus|VP8/gi, 'nonsense'))).toMatchObject({
      status: 422,
      error: 'unsupported_codec',
    });
    expect(
      await ask(server, 'POST', '/whep/codecs', { token, type: 'text/plain', body: description }),
    ).toMatchObject({
      status: 415,
    });
    expect(viewersOf('codecs')).toEqual([]);
  });

  test(
    'shows the active speaker, and another one without a new description',
    async () => {
      const first = await publish('stage', 'one');
      const { posted, client } = await watch('/whep/stage', await server.token('vera'));
      await client.connect(posted.body);
      expect(await flowing('stage', 2)).toEqual(tracksOf('stage', 'one'));
      await publish('stage', 'two');
      await ask(server, 'DELETE', first.session, { token: first.token });
      await until('the second is shown', () => callOf('stage')?.participants.has('one') === false);
      let shown = await flowing('stage', 2);
      while (!Bun.deepEquals(shown, tracksOf('stage', 'two'))) shown = await flowing('stage', 2);
    },
    TIMEOUT_MS,
  );
});

describe('POST /whep/:callId/:userId', () => {
  test(
    'shows that participant alone; 409 while they publish nothing; they may go and come again',
    async () => {
      const one = await publish('chosen', 'one');
      const { client } = await join(server, 'mike', 'chosen');
      const token = await server.token('vera');
      expect((await watch('/whep/chosen/mike', token)).posted).toMatchObject({
        status: 409,
        error: 'no_publisher',
      });
      expect((await watch('/whep/chosen/nobody', token)).posted).toMatchObject({ status: 409 });
      await publishMicrophone(client);
      const viewer = await watch('/whep/chosen/one', token);
      expect(viewer.posted.status).toBe(201);
      await viewer.client.connect(viewer.posted.body);
      expect(await flowing('chosen', 2)).toEqual(tracksOf('chosen', 'one'));
      await ask(server, 'DELETE', one.session, { token: one.token });
      await flowing('chosen', 0);
      await publish('chosen', 'one');
      expect(await flowing('chosen', 2)).toEqual(tracksOf('chosen', 'one'));
      await client.close();
    },
    TIMEOUT_MS,
  );
});

describe('PATCH and DELETE /whep/sessions/:uuid', () => {
  test(
    'trickle is 204, an ICE restart 200 with a new ETag; 412, 428; DELETE 200 and then 404; 404 for others',
    async () => {
      await publish('patched', 'studio');
      const { posted, token, client } = await watch('/whep/patched', await server.token('vera'));
      const fragment = (ufrag: string) => `a=ice-ufrag:${ufrag}\r\na=ice-pwd:${'p'.repeat(24)}\r\n`;
      const ufrag = /a=ice-ufrag:(\S+)/.exec(client.description)?.[1] ?? '';
      const patch = (body: string, ifMatch?: string) =>
        ask(server, 'PATCH', posted.session, {
          token,
          type: FRAGMENT,
          body,
          headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
        });
      expect((await patch(fragment(ufrag), posted.etag)).status).toBe(204);
      expect(await patch(fragment(ufrag))).toMatchObject({ status: 428 });
      expect(await patch(fragment(ufrag), '"old"')).toMatchObject({ status: 412 });
      const restarted = await patch(fragment('another'), '*');
      expect(restarted.status).toBe(200);
      expect(restarted.etag).not.toBe(posted.etag);
      const stranger = await server.token('mallory');
      expect((await ask(server, 'DELETE', posted.session, { token: stranger })).status).toBe(404);
      expect((await ask(server, 'DELETE', posted.session, { token })).status).toBe(200);
      expect(viewersOf('patched')).toEqual([]);
      expect(await ask(server, 'DELETE', posted.session, { token })).toMatchObject({ status: 404 });
    },
    TIMEOUT_MS,
  );
});

describe('a viewer', () => {
  test(
    'goes with its worker, and watches again; with the call it goes too',
    async () => {
      await publish('dying', 'studio');
      const token = await server.token('vera');
      const { posted, client } = await watch('/whep/dying', token);
      await client.connect(posted.body);
      for (const pid of server.app.calls.media.workerPids) process.kill(pid, 'SIGKILL');
      await until('the viewer is gone', () => viewersOf('dying').length === 0);
      expect((await ask(server, 'DELETE', posted.session, { token })).status).toBe(404);
      await publish('dying', 'studio');
      const again = await watch('/whep/dying', token);
      await again.client.connect(again.posted.body);
      expect(await flowing('dying', 2)).toEqual(tracksOf('dying', 'studio'));
      callOf('dying')?.end('ended-by-host');
      expect((await ask(server, 'DELETE', again.posted.session, { token })).status).toBe(404);
    },
    TIMEOUT_MS,
  );

  test(
    'more than there may be are answered 503 with Retry-After; the call ends though they watch',
    async () => {
      const small = await startTestServer({ env: { WHEP_MAX_SESSIONS: '1', CALL_EMPTY_TIMEOUT: '2s' } });
      try {
        const encoder = await Encoder.create();
        closing.push(() => encoder.close());
        const studio = await small.token('studio');
        const posted = await postOffer(small, '/whip/small', studio, encoder.offer);
        await encoder.connect(posted.body);
        const token = await small.token('vera');
        const { description } = await player();
        expect((await postOffer(small, '/whep/small', token, description)).status).toBe(201);
        const refused = await postOffer(small, '/whep/small', token, description);
        expect(refused).toMatchObject({ status: 503, error: 'unavailable' });
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        await ask(small, 'DELETE', posted.session, { token: studio });
        await until('the call has ended', () => small.app.calls.registry.get('small') === undefined);
      } finally {
        await small.close();
      }
    },
    TIMEOUT_MS,
  );
});
