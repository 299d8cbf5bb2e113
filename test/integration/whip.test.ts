/** WHIP as SPEC 5.3 has it: one test a rule, with a WebRTC stack that is neither ours nor a browser's. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Encoder } from '../support/ingest/encoder.ts';
import { ask, FRAGMENT, type Posted, postOffer } from '../support/ingest/http.ts';
import { createCall, join } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 60_000;

let server: TestServer;
let closing: (() => void)[] = [];

beforeAll(async () => {
  server = await startTestServer({
    env: {
      WEBRTC_ICE_SERVERS: 'stun:stun.example.com:3478',
      WEBRTC_TURN_SERVER_URL: 'turn:turn.example.com:3478',
      WEBRTC_TURN_USERNAME: 'kaa',
      WEBRTC_TURN_PASSWORD: 'a "quoted" password',
    },
  });
}, TIMEOUT_MS);

afterAll(async () => {
  for (const close of closing) close();
  closing = [];
  await server?.close();
}, TIMEOUT_MS);

async function encoder(): Promise<Encoder> {
  const made = await Encoder.create();
  closing.push(() => made.close());
  return made;
}

interface Publishing {
  readonly client: Encoder;
  readonly posted: Posted;
  readonly token: string;
}

async function publish(roomId: string, userId = 'studio', query = ''): Promise<Publishing> {
  const client = await encoder();
  const token = await server.token(userId);
  const posted = await postOffer(server, `/whip/${roomId}${query}`, token, client.offer);
  expect({ status: posted.status, error: posted.error }).toEqual({ status: 201, error: undefined });
  await client.connect(posted.body);
  return { client, posted, token };
}

const participants = (roomId: string) => [
  ...(server.app.calls.registry.get(roomId)?.participants.keys() ?? []),
];

describe('POST /whip/:callId', () => {
  test(
    'is answered 201 with a relative Location, an ETag, Link for each ICE server, Accept-Patch, and SDP',
    async () => {
      const { posted } = await publish('answer');
      const { headers } = posted;
      expect(headers.get('location')).toMatch(/^\/whip\/sessions\/[0-9a-f-]{36}$/);
      expect(headers.get('etag')).toMatch(/^"[^"]+"$/);
      expect(headers.get('content-type')).toBe('application/sdp');
      expect(headers.get('accept-patch')).toContain(FRAGMENT);
      expect(headers.get('link')).toBe(
        '<stun:stun.example.com:3478>; rel="ice-server", <turn:turn.example.com:3478>; rel="ice-server"; username="kaa"; credential="a \\"quoted\\" password"; credential-type="password"',
      );
      expect(posted.body).toContain('a=candidate:');
      expect(posted.body).toContain('a=end-of-candidates');
      expect(posted.body).toContain('a=recvonly');
    },
    TIMEOUT_MS,
  );

  test(
    'makes a participant like any other: everyone is told, sees the tracks, and can receive them',
    async () => {
      const alice = await join(server, 'alice', 'visible');
      const { posted, token } = await publish('visible');
      const { participant } = (await alice.client.event('participant-joined')) as never;
      expect(participant).toMatchObject({ userId: 'studio' });
      const call = server.app.calls.registry.get('visible');
      const studio = call?.participants.get('studio');
      expect(studio?.isHidden).toBe(false);
      const tracks = [...(studio?.publications.values() ?? [])];
      expect(tracks.map(({ source }) => source).toSorted()).toEqual(['camera', 'microphone']);
      for (const track of tracks) {
        let count = 0;
        while (count === 0) count = (await track.packetCounts())[0] ?? 0;
      }
      await ask(server, 'DELETE', posted.session, { token });
      expect(await alice.client.event('participant-left')).toMatchObject({
        userId: 'studio',
        reason: 'left',
      });
      await alice.client.close();
    },
    TIMEOUT_MS,
  );

  test(
    'publishes as the `sub` of the token; a second connection of the same user replaces the first',
    async () => {
      const first = await publish('replaced');
      const second = await publish('replaced');
      expect(participants('replaced')).toEqual(['studio']);
      const gone = await ask(server, 'DELETE', first.posted.session, { token: first.token });
      expect([gone.status, gone.error]).toEqual([404, 'session_not_found']);
      expect(await ask(server, 'DELETE', second.posted.session, { token: second.token })).toMatchObject({
        status: 200,
      });
    },
    TIMEOUT_MS,
  );

  test('?record=1 records the call for who may, and refuses who may not before anything is there', async () => {
    await createCall(server, 'hanna', { id: 'recorded' });
    const { client } = await join(server, 'guest', 'recorded');
    const { offer } = await encoder();
    const refused = await postOffer(server, '/whip/recorded?record=1', await server.token('studio'), offer);
    expect([refused.status, refused.error]).toEqual([403, 'forbidden']);
    expect(participants('recorded')).toEqual(['guest']);
    const grants = {
      recorded: { publish: ['microphone', 'camera'] as ('microphone' | 'camera')[], record: true },
    };
    const token = await server.token('studio', [], { grants });
    const posted = await postOffer(server, '/whip/recorded?record=1', token, offer);
    expect(posted.status).toBe(201);
    expect(await client.event('recording-started')).toMatchObject({ startedBy: 'studio' });
    // The encoder comes again, with the same address, while the recording runs.
    const again = await postOffer(server, '/whip/recorded?record=1', token, (await encoder()).offer);
    expect(again.status).toBe(201);
    await client.close();
  });

  test('a bad offer is 400 with the reason, one without a codec that can be routed 422; nobody came in', async () => {
    const token = await server.token('studio');
    const { offer } = await encoder();
    const bad = async (sdp: string) => {
      const { status, error } = await postOffer(server, '/whip/bad', token, sdp);
      return [status, error];
    };
    expect(await bad('')).toEqual([400, 'invalid_sdp']);
    expect(await bad('no sdp at all')).toEqual([400, 'invalid_sdp']);
    expect(await bad(offer.replaceAll(/a=fingerprint:.*\r\n/g, ''))).toEqual([400, 'invalid_sdp']);
    expect(await bad(offer.replaceAll('a=sendonly', 'a=recvonly'))).toEqual([400, 'invalid_sdp']);
    expect(await bad(offer.replaceAll(/opus|VP8/gi, 'nonsense'))).toEqual([422, 'unsupported_codec']);
    expect(participants('bad')).toEqual([]);
  });

  test('a huge offer is 413, one of thousands of sections 400, and no worker dies of them', async () => {
    const token = await server.token('studio');
    const { offer } = await encoder();
    const workers = server.app.calls.media.workerPids;
    const huge = await postOffer(server, '/whip/huge', token, `${offer}a=x:${'y'.repeat(300_000)}\r\n`);
    expect([huge.status, huge.error]).toEqual([413, 'too_large']);
    const larger = await postOffer(server, '/whip/huge', token, `${offer}${'a=x:y\r\n'.repeat(300_000)}`);
    expect([larger.status, larger.error]).toEqual([413, 'too_large']);
    const section = offer.slice(offer.indexOf('m=video'));
    const many = await postOffer(
      server,
      '/whip/huge',
      token,
      `${offer}${section.slice(0, 200).replaceAll('\r\n', '\r\n').concat('\r\n').repeat(1_000)}`,
    );
    expect([many.status, many.error]).toEqual([400, 'invalid_sdp']);
    expect(server.app.calls.media.workerPids).toEqual(workers);
  });

  test('an offer that comes in chunks, without its length, is taken', async () => {
    const { offer } = await encoder();
    const half = offer.length / 2;
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(offer.slice(0, half)));
        controller.enqueue(new TextEncoder().encode(offer.slice(half)));
        controller.close();
      },
    });
    const response = await fetch(`${server.url}/whip/chunks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.token('studio')}`, 'content-type': 'application/sdp' },
      body,
    });
    expect(response.status).toBe(201);
  });

  test('another Content-Type than application/sdp is 415', async () => {
    const token = await server.token('studio');
    for (const type of ['text/plain', 'application/json', 'application/trickle-ice-sdpfrag', undefined]) {
      const { status, error, headers } = await ask(server, 'POST', '/whip/typed', {
        token,
        body: 'v=0',
        ...(type !== undefined && { type }),
      });
      expect([type, status, error]).toEqual([type, 415, 'unsupported_media_type']);
      expect(headers.get('accept-post')).toBe('application/sdp');
    }
  });

  test('without a token it is 401, without the right to publish 403, for another call than the grants name 403', async () => {
    const { offer } = await encoder();
    const sdp = { type: 'application/sdp', body: offer };
    expect(await ask(server, 'POST', '/whip/rights', sdp)).toMatchObject({
      status: 401,
      error: 'unauthenticated',
    });
    await createCall(server, 'hanna', { id: 'rights' });
    const viewer = await server.token('vera', ['viewer']);
    expect(await postOffer(server, '/whip/rights', viewer, offer)).toMatchObject({
      status: 403,
      error: 'forbidden',
    });
    const microphone = await server.token('mike', [], { grants: { rights: { publish: ['microphone'] } } });
    expect(await postOffer(server, '/whip/rights', microphone, offer)).toMatchObject({ status: 403 });
    const elsewhere = await server.token('mike', [], {
      grants: { other: { publish: ['microphone', 'camera'] } },
    });
    expect(await postOffer(server, '/whip/rights', elsewhere, offer)).toMatchObject({ status: 403 });
    expect(participants('rights')).toEqual([]);
  });

  test('a full call, a locked one, and one with a lobby are told apart from it', async () => {
    const { offer } = await encoder();
    await createCall(server, 'hanna', { id: 'full', maxParticipants: 1 });
    const { client } = await join(server, 'alice', 'full');
    expect(await postOffer(server, '/whip/full', await server.token('studio'), offer)).toMatchObject({
      status: 409,
      error: 'call_full',
    });
    await client.close();
    await createCall(server, 'hanna', { id: 'lobby', settings: { waitingRoom: true } });
    expect(await postOffer(server, '/whip/lobby', await server.token('studio'), offer)).toMatchObject({
      status: 403,
      error: 'forbidden',
    });
    await createCall(server, 'hanna', { id: 'locked' });
    const host = await join(server, 'hanna', 'locked');
    await host.client.request('lock', {});
    expect(await postOffer(server, '/whip/locked', await server.token('studio'), offer)).toMatchObject({
      status: 409,
      error: 'call_locked',
    });
    await host.client.close();
  });
});

describe('PATCH /whip/sessions/:uuid', () => {
  const fragment = (ufrag: string) =>
    `a=ice-ufrag:${ufrag}\r\na=ice-pwd:${'p'.repeat(24)}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 2122260223 192.0.2.7 61764 typ host\r\na=end-of-candidates\r\n`;

  test(
    'takes trickled candidates with 204, restarts ICE with 200 and a new ETag; 412 for an old ETag, 428 without one, 415, 400',
    async () => {
      const { posted, token, client } = await publish('patched');
      const patch = (body: string, ifMatch?: string, type = FRAGMENT) =>
        ask(server, 'PATCH', posted.session, {
          token,
          type,
          body,
          headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
        });
      const ufrag = /a=ice-ufrag:(\S+)/.exec(client.offer)?.[1] ?? '';
      expect((await patch(fragment(ufrag), posted.etag)).status).toBe(204);
      expect(await patch(fragment(ufrag))).toMatchObject({ status: 428, error: 'precondition_required' });
      expect(await patch(fragment(ufrag), '"another"')).toMatchObject({
        status: 412,
        error: 'precondition_failed',
      });
      expect(await patch(fragment(ufrag), posted.etag, 'text/plain')).toMatchObject({ status: 415 });
      expect(await patch('nonsense', posted.etag)).toMatchObject({ status: 400, error: 'invalid_sdp' });
      const restarted = await patch(fragment('another-ufrag'), '"*"');
      expect(restarted.status).toBe(200);
      expect(restarted.headers.get('content-type')).toBe(FRAGMENT);
      expect(restarted.etag).not.toBe(posted.etag);
      const ours = /a=ice-ufrag:(\S+)/.exec(restarted.body)?.[1];
      expect(ours).toBeString();
      expect(posted.body).not.toContain(`a=ice-ufrag:${ours}`);
      expect(restarted.body).toContain('a=candidate:');
      expect((await patch(fragment(ufrag), posted.etag)).status).toBe(412);
      const together = await Promise.all(
        ['one-ufrag', 'two-ufrag', 'six-ufrag'].map((name) => patch(fragment(name), restarted.etag)),
      );
      expect(together.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    },
    TIMEOUT_MS,
  );

  test('of somebody else, and of nobody, is 404; the one with the role `service` may', async () => {
    const { posted, client } = await publish('owned');
    const ufrag = /a=ice-ufrag:(\S+)/.exec(client.offer)?.[1] ?? '';
    const patch = async (url: string, token: string) =>
      (
        await ask(server, 'PATCH', url, {
          token,
          type: FRAGMENT,
          body: fragment(ufrag),
          headers: { 'if-match': posted.etag },
        })
      ).status;
    expect(await patch(posted.session, await server.token('mallory'))).toBe(404);
    const grants = { grants: { elsewhere: { moderate: true } } };
    expect(await patch(posted.session, await server.token('studio', [], grants))).toBe(404);
    expect(await patch(posted.session.replace(/.{6}$/, 'ffffff'), await server.token('studio'))).toBe(404);
    expect(await patch(posted.session, await server.token('machine', ['service']))).toBe(204);
  });
});

describe('DELETE /whip/sessions/:uuid', () => {
  test('ends the session with 200; again it is 404', async () => {
    const { posted, token } = await publish('ended');
    expect((await ask(server, 'DELETE', posted.session, { token })).status).toBe(200);
    expect(participants('ended')).toEqual([]);
    expect(await ask(server, 'DELETE', posted.session, { token })).toMatchObject({
      status: 404,
      error: 'session_not_found',
    });
  });
});

describe('OPTIONS', () => {
  test('needs no token, names Accept-Post, and lets pages of allowed origins read what they need', async () => {
    const origin = new URL(server.url).origin;
    const { status, headers } = await ask(server, 'OPTIONS', '/whip/any', {
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'if-match',
      },
    });
    expect(status).toBe(204);
    expect(headers.get('accept-post')).toBe('application/sdp');
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(headers.get('access-control-allow-headers')).toContain('if-match');
    expect(headers.get('access-control-expose-headers')).toContain('location');
    expect(headers.get('access-control-expose-headers')).toContain('etag');
  });
});

describe('a session ends', () => {
  test('with its call', async () => {
    const { posted, token } = await publish('short');
    server.app.calls.registry.get('short')?.end('ended-by-host');
    expect((await ask(server, 'DELETE', posted.session, { token })).status).toBe(404);
  });

  test(
    'when a moderator sends it out',
    async () => {
      const alice = await join(server, 'alice', 'sent-out');
      const { posted, token } = await publish('sent-out');
      await alice.client.request('remove-participant', {}, { targetUserId: 'studio' });
      expect((await ask(server, 'DELETE', posted.session, { token })).status).toBe(404);
      await alice.client.close();
    },
    TIMEOUT_MS,
  );

  test(
    'when its worker dies: the client connects again and goes on in the same call and the same recording',
    async () => {
      const alice = await join(server, 'alice', 'killed');
      const { posted, token } = await publish('killed', 'alice2');
      const call = server.app.calls.registry.get('killed');
      const recording = await alice.client.request('start-recording', {});
      for (const pid of server.app.calls.media.workerPids) process.kill(pid, 'SIGKILL');
      expect(await alice.client.event('participant-left')).toMatchObject({
        userId: 'alice2',
        reason: 'disconnected',
      });
      expect((await ask(server, 'DELETE', posted.session, { token })).status).toBe(404);
      await publish('killed', 'alice2');
      expect(server.app.calls.registry.get('killed')).toBe(call as NonNullable<typeof call>);
      expect(call?.recording?.recordingId).toBe(recording.recordingId);
      await alice.client.close();
    },
    TIMEOUT_MS,
  );
});

describe('a server that is set so', () => {
  test(
    'answers 404 for a call that nobody made, and 503 with Retry-After under load',
    async () => {
      const strict = await startTestServer({ env: { CALL_AUTO_CREATE: 'off', WHIP_MAX_SESSIONS: '1' } });
      try {
        const [first, second] = [await encoder(), await encoder()];
        const token = await strict.token('studio');
        expect(await postOffer(strict, '/whip/nowhere', token, first.offer)).toMatchObject({
          status: 404,
          error: 'call_not_found',
        });
        await createCall(strict, 'studio', { id: 'there' });
        const posted = await postOffer(strict, '/whip/there', token, first.offer);
        expect(posted.status).toBe(201);
        const refused = await postOffer(strict, '/whip/there', await strict.token('other'), second.offer);
        expect(refused).toMatchObject({ status: 503, error: 'unavailable' });
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        expect((await ask(strict, 'DELETE', posted.session, { token })).status).toBe(200);
        expect((await postOffer(strict, '/whip/there', token, second.offer)).status).toBe(201);
      } finally {
        await strict.close();
      }
    },
    TIMEOUT_MS,
  );
});
