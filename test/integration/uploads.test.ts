/** Uploads as SPEC 5.1 has them, over gRPC: every way in which one is refused, and that nothing is left of it then. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { Tokens } from '../../src/auth/index.ts';
import { failureOf } from '../support/failure.ts';
import { Encoder } from '../support/ingest/encoder.ts';
import { GrpcClient } from '../support/ingest/grpc-client.ts';
import { audioAndVideoOffer } from '../support/ingest/offers.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 60_000;
setDefaultTimeout(TIMEOUT_MS);
const OFFER = audioAndVideoOffer('sendonly');
const SERVICE = ['service'] as const;

let server: TestServer;
let client: GrpcClient;
let token: string;

beforeAll(async () => {
  server = await startTestServer({
    env: { INGEST_MAX_SESSIONS: '3' },
  });
  client = new GrpcClient(server.app.uploads.grpc.port!);
  token = await server.token('backend', SERVICE);
});

afterAll(async () => {
  client?.close();
  await server?.close();
});

const upload = (request: object, as: string | undefined = token) =>
  client.call('UploadP2PVideo', { sdp_offer: OFFER, ...request }, as);
const stop = (id: string, as = token) => client.call('StopP2PVideo', { id }, as);
const renegotiate = (id: string, sdp_offer: string, as = token) =>
  client.call('RenegotiateP2PVideo', { id, sdp_offer }, as);

async function expectNothingLeft(of = server): Promise<void> {
  const { uploads, calls } = of.app;
  await until('no upload runs', () => uploads.uploads.size === 0, 40_000);
  await until('no room is open', () => calls.registry.size === 0, 40_000);
  await until('nothing is recorded', () => calls.recordings.runningCount === 0, 40_000);
  const list = await fetch(new URL('/recordings?kind=ingest', of.url), {
    headers: { authorization: `Bearer ${await of.token('root', ['admin'])}` },
  });
  expect(((await list.json()) as { recordings: unknown[] }).recordings).toEqual([]);
  const folders = await readdir(join(of.dataDir, 'capture'));
  expect(folders.filter((name) => !name.startsWith('.'))).toEqual([]);
}

describe('an upload is refused', () => {
  test('without a token, with a wrong one, with one of another role, and with one for single calls', async () => {
    expect(await client.call('UploadP2PVideo', { sdp_offer: OFFER })).toMatchObject({
      code: status.UNAUTHENTICATED,
      metadata: { 'kaa-error': 'unauthenticated' },
    });
    expect(await upload({}, 'no.token.atall')).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await upload({}, `${token}x`)).toMatchObject({ code: status.UNAUTHENTICATED });
    const viewer = await server.token('vera', ['viewer', 'participant']);
    expect(await upload({}, viewer)).toMatchObject({ code: status.PERMISSION_DENIED });
    const bound = await server.token('backend', SERVICE, { grants: { studio: { publish: ['camera'] } } });
    expect(await upload({}, bound)).toMatchObject({ code: status.PERMISSION_DENIED });
  });

  test('with an offer that cannot be used, and is told what is wrong with it', async () => {
    const refused = async (sdp_offer: string, reason: RegExp) => {
      const { code, details } = await upload({ sdp_offer });
      expect(code).toBe(status.INVALID_ARGUMENT);
      expect(details).toMatch(reason);
    };
    await refused('', /sdp_offer is missing/);
    await refused('no sdp at all', /session description cannot be used/);
    await refused(OFFER.replaceAll(/a=fingerprint:.*\r\n/g, ''), /fingerprint/);
    await refused(OFFER.replaceAll('a=sendonly', 'a=recvonly'), /sends nothing/);
    await refused(`${OFFER.split('m=audio')[0]}`, /no section|media/i);
    await refused(OFFER.replaceAll(/opus|VP8/gi, 'nonsense'), /codec/i);
  });

  test('with fields that have not their form', async () => {
    const refused = async (request: object, reason: RegExp) => {
      const { code, details } = await upload(request);
      expect(code).toBe(status.INVALID_ARGUMENT);
      expect(details).toMatch(reason);
    };
    await refused({ name: 'x'.repeat(201) }, /name/);
    await refused({ uuid: 'x'.repeat(129) }, /uuid/);
    await refused({ name: 'a\0b' }, /U\+0000|text/i);
    await refused({ ice_servers: [{ urls: ['http://example.com'] }] }, /ice|urls/i);
  });

  test('when its message is too long', async () => {
    expect(await upload({ sdp_offer: 'x'.repeat(600 * 1024) })).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
    expect(await upload({ sdp_offer: 'x'.repeat(300 * 1024) })).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
  });

  test('when there are as many as there may be, and is told when to come again', async () => {
    const begun = await Promise.all([1, 2, 3].map(() => upload({})));
    expect(begun.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await upload({})).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      metadata: { 'kaa-error': 'too_many_sessions', 'grpc-retry-pushback-ms': '5000' },
    });
    for (const { id = '' } of begun) expect((await stop(id)).code).toBe(0);
    await expectNothingLeft();
  });

  test('while one with its uuid runs', async () => {
    const [first, second] = await Promise.all([upload({ uuid: 'twice' }), upload({ uuid: 'twice' })]);
    expect([first.code, second.code].toSorted()).toEqual([0, status.ALREADY_EXISTS]);
    const stranger = await server.token('other', ['host']);
    expect(await upload({ uuid: 'twice' }, stranger)).toMatchObject({ code: status.ALREADY_EXISTS });
    expect(await stop((first.id ?? '') || (second.id ?? ''))).toMatchObject({ code: 0 });
    const again = await upload({ uuid: 'twice' });
    expect(again.code).toBe(0);
    expect(await stop(again.id!)).toMatchObject({ code: 0 });
    await expectNothingLeft();
  });
});

describe('renegotiating and stopping', () => {
  test('are refused for what is not there, what has ended, and what is somebody else’s', async () => {
    const unknown = '01a1fd47-2503-775f-89fa-9e9145e2f13f';
    for (const id of [unknown, 'nonsense', '']) {
      expect(await stop(id)).toMatchObject({ code: status.NOT_FOUND });
      expect(await renegotiate(id, OFFER)).toMatchObject({ code: status.NOT_FOUND });
    }
    const hanna = await server.token('hanna', ['host']);
    const { id = '' } = await upload({}, hanna);
    const stranger = await server.token('stranger', ['host']);
    expect(await stop(id, stranger)).toMatchObject({ code: status.PERMISSION_DENIED });
    expect(await renegotiate(id, OFFER, stranger)).toMatchObject({ code: status.PERMISSION_DENIED });
    expect(await client.call('StopP2PVideo', { id })).toMatchObject({ code: status.UNAUTHENTICATED });
    // It goes on as it was, and its own user may do both.
    expect(await renegotiate(id, OFFER, hanna)).toMatchObject({ code: 0 });
    expect(await renegotiate(id, 'nonsense', hanna)).toMatchObject({ code: status.INVALID_ARGUMENT });
    // A service may, for anybody.
    expect(await stop(id)).toMatchObject({ code: 0 });
    expect(await stop(id, hanna)).toMatchObject({ code: status.NOT_FOUND });
    expect(await renegotiate(id, OFFER, hanna)).toMatchObject({ code: status.NOT_FOUND });
    await expectNothingLeft();
  });
});

test('one to which nobody connects ends by itself, and leaves nothing', async () => {
  const hasty = await startTestServer({ env: { INGEST_LOST_TIMEOUT: '1s' } });
  const { uploads } = hasty.app.uploads;
  const identity = await new Tokens(JWT_SECRET).verify(token);
  const { id } = await uploads.upload(identity, { sdpOffer: OFFER, name: '', uuid: '', iceServers: [] });
  expect(id).not.toBe('');
  await expectNothingLeft(hasty);
  await hasty.close();
});

test('a client that does not wait for the answer leaves nothing', async () => {
  const { code } = await client.call('UploadP2PVideo', { sdp_offer: OFFER }, token, { deadlineMs: 1 });
  expect(code).toBe(status.DEADLINE_EXCEEDED);
  // However late it is noticed.
  const { uploads } = server.app.uploads;
  const identity = await new Tokens(JWT_SECRET).verify(token);
  const request = { sdpOffer: OFFER, name: '', uuid: '', iceServers: [] };
  await uploads.upload(identity, request, AbortSignal.abort());
  expect(uploads.size).toBe(0);
  await expectNothingLeft();
});

test('a client that comes back, and does not wait for the answer, may come again at once', async () => {
  const patient = await startTestServer({ env: { INGEST_LOST_TIMEOUT: '12s' } });
  const { uploads } = patient.app.uploads;
  const identity = await new Tokens(JWT_SECRET).verify(token);
  const request = { sdpOffer: OFFER, name: '', uuid: 'hasty', iceServers: [] };
  const encoder = await Encoder.create();
  const first = await uploads.upload(identity, { ...request, sdpOffer: encoder.offer });
  await encoder.connect(first.answer);
  encoder.close();
  let hasty: { id: string } | undefined;
  while (!hasty) {
    hasty = await uploads.upload(identity, request, AbortSignal.abort()).catch((error: unknown) => {
      if (!String(error).includes('An upload with this uuid runs')) throw error;
      return undefined;
    });
    await Bun.sleep(100);
  }
  expect(hasty.id).toBe(first.id);
  const again = await uploads.upload(identity, request);
  expect(again.id).toBe(first.id);
  await patient.close();
});

test('a certificate that cannot be used is told as that, and not as a port', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kaa-no-certificate-'));
  const path = join(folder, 'garbage.pem');
  await writeFile(path, 'garbage');
  const failure = await failureOf(startTestServer({ env: { GRPC_TLS_CERT: path, GRPC_TLS_KEY: path } }));
  await rm(folder, { recursive: true });
  expect(failure).toMatchObject({ code: 'unavailable', message: expect.stringContaining('GRPC_TLS_CERT') });
});

test('over HTTP it is the same, in snake_case and in camelCase', async () => {
  const ask = async (method: string, path: string, body?: object, as: string | undefined = token) => {
    const response = await fetch(new URL(`/webrtc/video${path}`, server.url), {
      method,
      headers: {
        ...(as !== '' && { authorization: `Bearer ${as}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const snake = await ask('POST', '', {
    sdp_offer: OFFER,
    name: 'talk',
    uuid: 'snake',
    ice_servers: [{ urls: ['stun:stun.example.com'], credential_type: 0, credential: 'c2VjcmV0' }],
  });
  expect(snake.status).toBe(200);
  expect(snake.body.sdp_answer).toContain('a=candidate:');
  const camel = await ask('POST', '', { sdpOffer: OFFER, uuid: 'camel', iceServers: [], somethingNew: 1 });
  expect(Object.keys(camel.body).toSorted()).toEqual(['id', 'sdpAnswer']);
  expect(await ask('POST', '', { sdp_offer: OFFER, uuid: 'camel' })).toMatchObject({
    status: 409,
    body: { error: 'session_exists' },
  });
  expect(await ask('POST', '', { sdp_offer: OFFER, sdpOffer: 'other' })).toMatchObject({
    status: 400,
    body: { error: 'validation_error' },
  });
  expect(await ask('POST', '', {})).toMatchObject({ status: 400, body: { error: 'invalid_sdp' } });
  expect(await ask('POST', '', { sdp_offer: OFFER }, '')).toMatchObject({ status: 401 });
  expect(await ask('PUT', `/${snake.body.id}`, { sdp_offer: OFFER })).toMatchObject({ status: 200 });
  expect(await ask('PUT', `/${snake.body.id}`, { sdp_offer: 'x' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_sdp' },
  });
  for (const { body } of [snake, camel]) {
    expect(await ask('DELETE', `/${body.id}`)).toEqual({ status: 200, body: {} });
    expect(await ask('DELETE', `/${body.id}`)).toMatchObject({
      status: 404,
      body: { error: 'session_not_found' },
    });
  }
  await expectNothingLeft();
});

test('an encoder that connects is recorded under the id and the name of its upload', async () => {
  const encoder = await Encoder.create();
  const { id = '', sdp_answer = '' } = await upload({ sdp_offer: encoder.offer, name: 'Café', uuid: 'row' });
  await encoder.connect(sdp_answer);
  const response = await fetch(new URL(`/recordings/${id}`, server.url), {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await response.json()).toMatchObject({
    id,
    kind: 'ingest',
    status: 'recording',
    name: 'Café',
    stream_id: 'row',
    owner_id: 'backend',
    call_id: null,
    room_id: null,
  });
  encoder.close();
  const removed = await fetch(new URL(`/recordings/${id}`, server.url), {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(removed.status).toBe(204);
  expect(await stop(id)).toMatchObject({ code: status.NOT_FOUND });
  await expectNothingLeft();
});
