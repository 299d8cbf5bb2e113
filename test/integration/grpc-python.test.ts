/** gRPC for a client that is not Bun: Python's grpcio, and aiortc for the media, as the example has them. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordingResource } from '../../src/library/index.ts';
import { completedRecording, probeStreams } from '../support/ingest/results.ts';
import { findPython } from '../support/python.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const TIMEOUT_MS = 120_000;
const EXAMPLE = join(import.meta.dir, '../../examples/grpc_upload.py');
const CHECKS = join(import.meta.dir, '../support/ingest/grpc_checks.py');

const grpcPackages = 'python3-grpcio python3-protobuf';
const grpcPython = findPython('grpc, google.protobuf');
const mediaPython = findPython('grpc, google.protobuf, aiortc');
if (grpcPython === undefined) console.log(`gRPC from Python is skipped: install ${grpcPackages}`);
if (mediaPython === undefined)
  console.log(`an upload from Python is skipped: install ${grpcPackages} python3-aiortc`);

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ env: { RECORDING_RESOLUTION: '320x240' } });
}, TIMEOUT_MS);

afterAll(() => server?.close(), TIMEOUT_MS);

async function run(command: readonly string[]): Promise<{ code: number; output: string }> {
  const child = Bun.spawn([...command], { stdout: 'pipe', stderr: 'pipe' });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, output: `${stdout}${stderr}` };
}

test.skipIf(mediaPython === undefined)(
  'sound, then a picture by renegotiation, then a stop: an MP4 with both, as long as was sent, and a row that says so',
  async () => {
    const port = server.app.uploads.grpc.port;
    const token = await server.token('backend', ['service']);
    const options = ['--seconds', '10', '--name', 'Interview 7', '--uuid', 'case-4711'];
    const startedAtMs = performance.now();
    const { code, output } = await run([mediaPython ?? '', EXAMPLE, `localhost:${port}`, token, ...options]);
    const elapsed = (performance.now() - startedAtMs) / 1_000;
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringMatching(/uploading as .*stopped/s),
    });
    const id = /uploading as (\S+)/.exec(output)?.[1] ?? '';
    const recording: RecordingResource = await completedRecording(server, id, token);
    expect(recording).toMatchObject({
      kind: 'ingest',
      status: 'completed',
      progress: 1,
      failure_reason: null,
      name: 'Interview 7',
      stream_id: 'case-4711',
      tracks: 2,
      file_path: `uploads/${id}/Interview_7.mp4`,
    });
    const file = join(server.dataDir, 'recordings', recording.file_path);
    const { streams, seconds } = await probeStreams(file);
    expect(streams).toEqual(['video h264 320x240', 'audio aac']);
    expect(seconds).toBeGreaterThan(9.5);
    expect(seconds).toBeLessThan(elapsed);
    expect(Math.abs(recording.duration - seconds)).toBeLessThanOrEqual(0.6);
    const main = recording.files.find(({ name }) => name === 'Interview_7.mp4');
    expect(main).toMatchObject({ kind: 'composed', type: 'video/mp4', size: Bun.file(file).size });
  },
  TIMEOUT_MS,
);

test.skipIf(grpcPython === undefined)('health and reflection answer', async () => {
  const { output } = await run([grpcPython ?? '', CHECKS, `localhost:${server.app.uploads.grpc.port}`]);
  expect(JSON.parse(output)).toEqual({
    health: { '': 'SERVING', 'webrtc_recorder.WebRTCService': 'SERVING', nobody: 'NOT_FOUND' },
    services: expect.arrayContaining(['webrtc_recorder.WebRTCService']),
    methods: ['UploadP2PVideo', 'StopP2PVideo', 'RenegotiateP2PVideo'],
    fields: {
      ICEServers: { urls: 1, username: 2, credentialType: 3, credential: 4 },
      UploadP2PVideoRequest: { sdp_offer: 1, name: 2, uuid: 3, ice_servers: 4 },
      UploadP2PVideoResponse: { sdp_answer: 1, id: 2 },
      StopP2PVideoRequest: { id: 1 },
      StopP2PVideoResponse: {},
      RenegotiateP2PVideoRequest: { id: 1, sdp_offer: 2 },
      RenegotiateP2PVideoResponse: { sdp_answer: 1 },
    },
    refused: 'UNAUTHENTICATED',
  });
});

const canCertify = grpcPython !== undefined && Bun.which('openssl') !== null;
if (!canCertify) console.log(`gRPC with TLS is skipped: install openssl ${grpcPackages}`);

test.skipIf(!canCertify)(
  'with TLS only those come in who trust its certificate, with mutual TLS only those who show one',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kaa-tls-'));
    const path = (name: string) => join(folder, name);
    const certify = join(import.meta.dir, '../support/ingest/certify.sh');
    expect(await run(['bash', certify, folder])).toMatchObject({ code: 0 });
    const tls = { GRPC_TLS_CERT: path('server.pem'), GRPC_TLS_KEY: path('server.key') };
    const outcomes: unknown[] = [];
    for (const env of [tls, { ...tls, GRPC_TLS_CA: path('ca.pem') }]) {
      const secured = await startTestServer({ env });
      const { output } = await run([
        grpcPython ?? '',
        CHECKS,
        `localhost:${secured.app.uploads.grpc.port}`,
        folder,
      ]);
      outcomes.push(JSON.parse(output));
      await secured.close();
    }
    await rm(folder, { recursive: true });
    expect(outcomes).toEqual([
      { plain: 'UNAVAILABLE', trusting: 'SERVING', certified: 'SERVING' },
      { plain: 'UNAVAILABLE', trusting: 'UNAVAILABLE', certified: 'SERVING' },
    ]);
  },
  TIMEOUT_MS,
);
