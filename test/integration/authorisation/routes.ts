/** Every route, with who may call it and a request that is right in everything but perhaps the rights. */
import { newId } from '../../../src/lib/index.ts';
import { audioAndVideoOffer, audioOffer } from '../../support/ingest/offers.ts';
import { askForUpgrade } from '../../support/upgrade.ts';
import { phoneRows } from './phone-routes.ts';
import { type RouteRow, readRefusal, row } from './route-row.ts';
import type { Outcome } from './rule.ts';
import {
  forAdmins,
  forEveryone,
  forFounders,
  forFoundersOfRoom,
  forHoldersOfLink,
  forHosts,
  forHostsOfRecordings,
  forInvolved,
  forJoiners,
  forListers,
  forModerators,
  forNobody,
  forNoLink,
  forOwnersOfSessions,
  forOwnersOfUploads,
  forRecorders,
  forSeersOfRecordings,
  forTokens,
  forUploaders,
  forWhepViewers,
  forWhipPublishers,
} from './rules.ts';
import { streamRows } from './stream-routes.ts';
import { lastingUpload, uploadToEnd } from './uploads.ts';
import { FILE_NAME, GUEST_ID, record, sessionOfGuest, stopRecordings, type World } from './world.ts';

export const routeRows: readonly RouteRow[] = [
  row('GET /', { rule: forEveryone }),
  row('GET /library', { rule: forEveryone }),
  row('GET /phone', { rule: forEveryone }),
  row('GET /call/:roomId', { rule: forEveryone, path: ({ roomId }) => `/call/${roomId}` }),
  row('GET /watch/:roomId', { rule: forEveryone, path: ({ roomId }) => `/watch/${roomId}` }),
  row('GET /watch/:roomId/:userId', {
    rule: forEveryone,
    path: ({ roomId }) => `/watch/${roomId}/${GUEST_ID}`,
  }),
  row('GET /assets/*', { rule: forEveryone, path: findAsset }),
  row('GET /openapi', { rule: forEveryone }),
  row('GET /asyncapi', { rule: forEveryone }),
  row('GET /openapi/json', { rule: forEveryone }),
  row('GET /health', { rule: forEveryone }),
  row('GET /ready', { rule: forEveryone }),
  row('OPTIONS /', { rule: forEveryone }),
  row('OPTIONS /*', { rule: forEveryone, path: ({ roomId }) => `/video-calls/${roomId}` }),
  row('POST /auth/dev-token', { when: 'in development, on this machine', rule: forEveryone, body: {} }),
  row('POST /auth/dev-token', {
    when: 'through a proxy',
    rule: forNobody,
    body: {},
    headers: { 'x-forwarded-for': '203.0.113.7' },
  }),

  row('GET /instances', { rule: forAdmins }),
  row('GET /stats', { rule: forAdmins }),
  row('GET /stats/events', { rule: forAdmins }),

  row('POST /video-calls', { rule: forFounders, body: { title: 'Another call' } }),
  row('GET /video-calls', {
    rule: forListers,
    path: ({ type }) => `/video-calls?type=${type}`,
    read: ({ roomId }, body) =>
      (body as { calls: { id: string }[] }).calls.some(({ id }) => id === roomId) ? 'allow' : 'hide',
  }),
  row('GET /video-calls/:id', { rule: forInvolved }),
  row('PUT /video-calls/:id', { rule: forHosts, body: { title: 'Taken over' } }),
  row('DELETE /video-calls/:id', { rule: forHosts, needsOwnCall: true }),
  row('GET /video-calls/:id/participants', { rule: forInvolved }),
  row('GET /video-calls/:id/stats', { rule: forInvolved }),
  row('GET /video-calls/:id/analytics', { rule: forInvolved }),
  row('POST /video-calls/:id/participants/:userId/mute', { rule: forModerators, body: { kind: 'audio' } }),
  row('DELETE /video-calls/:id/participants/:userId', { rule: forModerators, needsOwnCall: true }),
  // The specification says "host": one who holds `moderate` by a grant invites too, and gives no more than they have.
  row('POST /video-calls/:id/invites', { rule: forModerators, body: { name: 'Grace' } }),
  row('POST /video-calls/:id/join', { rule: forJoiners, body: {} }),
  row('POST /video-calls/:id/join', {
    when: 'to a call that nobody made',
    rule: forFoundersOfRoom,
    path: () => `/video-calls/${newId()}/join`,
    body: {},
  }),
  row('POST /video-calls/:id/recording/start', { rule: forRecorders, body: {}, after: stopRecordings }),
  row('POST /video-calls/:id/recording/stop', {
    rule: forRecorders,
    path: async (world) => {
      await record(world);
      return `/video-calls/${world.roomId}/recording/stop`;
    },
    after: stopRecordings,
  }),
  row('GET /video-calls/:id/recording/:recordingId', { rule: forInvolved }),
  row('DELETE /video-calls/:id/recording/:recordingId', { rule: forHosts, needsOwnCall: true }),

  // Each from the right Content-Type on: what it brings is described by the tests of WHIP and WHEP.
  row('POST /whip/:callId', {
    rule: forWhipPublishers,
    path: ({ roomId }) => `/whip/${roomId}`,
    text: { type: 'application/sdp', content: audioAndVideoOffer('sendonly') },
    // Who has published has taken part.
    needsOwnCall: true,
  }),
  row('PATCH /whip/sessions/:sessionId', {
    rule: forOwnersOfSessions,
    path: (world) => sessionOfGuest(world, 'whip'),
    text: { type: 'application/trickle-ice-sdpfrag', content: 'a=end-of-candidates\r\n' },
    headers: { 'if-match': '*' },
  }),
  row('DELETE /whip/sessions/:sessionId', {
    rule: forOwnersOfSessions,
    path: (world) => sessionOfGuest(world, 'whip'),
  }),
  row('POST /whep/:callId', {
    rule: forWhepViewers,
    path: ({ roomId }) => `/whep/${roomId}`,
    text: { type: 'application/sdp', content: audioAndVideoOffer('recvonly') },
  }),
  row('POST /whep/:callId/:userId', {
    rule: forWhepViewers,
    path: ({ roomId }) => `/whep/${roomId}/${GUEST_ID}`,
    text: { type: 'application/sdp', content: audioAndVideoOffer('recvonly') },
  }),
  row('PATCH /whep/sessions/:sessionId', {
    rule: forOwnersOfSessions,
    path: (world) => sessionOfGuest(world, 'whep'),
    text: { type: 'application/trickle-ice-sdpfrag', content: 'a=end-of-candidates\r\n' },
    headers: { 'if-match': '*' },
  }),
  row('DELETE /whep/sessions/:sessionId', {
    rule: forOwnersOfSessions,
    path: (world) => sessionOfGuest(world, 'whep'),
  }),

  ...streamRows,
  ...phoneRows,
  row('POST /webrtc/video', {
    rule: forUploaders,
    path: () => '/webrtc/video',
    body: { sdp_offer: audioOffer() },
  }),
  row('PUT /webrtc/video/:id', {
    rule: forOwnersOfUploads,
    path: async (world) => `/webrtc/video/${await lastingUpload(world)}`,
    body: { sdp_offer: audioOffer() },
  }),
  row('DELETE /webrtc/video/:id', {
    rule: forOwnersOfUploads,
    path: async (world) => `/webrtc/video/${await uploadToEnd(world)}`,
  }),

  row('GET /recordings', {
    rule: forListers,
    path: ({ roomId }) => `/recordings?room_id=${roomId}`,
    read: (_world, body) => ((body as { recordings: unknown[] }).recordings.length > 0 ? 'allow' : 'hide'),
  }),
  row('GET /recordings/:id', { rule: forSeersOfRecordings }),
  row('DELETE /recordings/:id', { rule: forHostsOfRecordings, needsOwnCall: true }),
  row('POST /recordings/:id/retry', {
    rule: forHostsOfRecordings,
    path: ({ failedRecordingId }) => `/recordings/${failedRecordingId}/retry`,
  }),
  row('POST /recordings/:id/link', { rule: forSeersOfRecordings }),
  row('GET /recordings/:id/files/*', { rule: forSeersOfRecordings }),
  row('GET /recordings/:id/events', { rule: forSeersOfRecordings }),
  row('POST /recordings/:id/import', {
    rule: forHostsOfRecordings,
    body: { title: 'Stand-up' },
    needsOwnCall: true,
  }),
  row('GET /recording/:id', {
    rule: forSeersOfRecordings,
    path: ({ recordingId }) => `/recording/${recordingId}`,
  }),
  row('GET /api/recordings', {
    rule: forListers,
    path: ({ roomId }) => `/api/recordings?room_id=${roomId}`,
    read: (_world, body) => ((body as { recordings: unknown[] }).recordings.length > 0 ? 'allow' : 'hide'),
  }),
  row('GET /api/recordings/:id', {
    rule: forSeersOfRecordings,
    path: ({ recordingId }) => `/api/recordings/${recordingId}`,
  }),
  // Who signs it is the stream service; in development nobody need sign.
  row('POST /webhook/stream', {
    when: 'in development, without a secret',
    rule: forEveryone,
    body: {
      event: 'stream.started',
      stream_id: 'stream',
      stream_key: 'stream',
      timestamp: '2026-01-01T10:00:00Z',
    },
  }),
  {
    route: 'GET /recordings/:id/files/*',
    when: 'by a link, without a token',
    rule: forHoldersOfLink,
    send: (world) => followLink(world, world.recordingId),
  },
  {
    route: 'GET /recordings/:id/files/*',
    when: 'by the link of another recording',
    rule: forNoLink,
    send: (world) => followLink(world, world.failedRecordingId),
  },
  {
    route: 'WS /video-calls/ws',
    rule: forTokens,
    send: async ({ server, token }) => {
      const headers: [string, string][] = token === undefined ? [] : [['Authorization', `Bearer ${token}`]];
      const { status } = await askForUpgrade(server.url, '/video-calls/ws', headers);
      return status === 101
        ? 'allow'
        : readRefusal(status, { error: status === 401 ? 'unauthenticated' : '' });
    },
  },
];

/** Opens the file of the recording by a link that the host got for `linkedId`. */
async function followLink({ server, recordingId }: World, linkedId: string): Promise<Outcome> {
  const link = await fetch(`${server.url}/recordings/${linkedId}/link`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await server.token('root', ['admin'])}` },
  });
  const { token } = (await link.json()) as { token: string };
  const { status, ...response } = await fetchFile(`${server.url}/recordings/${recordingId}`, token);
  return status === 200 ? 'allow' : readRefusal(status, response.body);
}

async function fetchFile(recording: string, token: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${recording}/files/${FILE_NAME}?token=${token}`);
  return { status: response.status, body: await response.json() };
}

async function findAsset({ server }: World): Promise<string> {
  const page = await (await fetch(server.url)).text();
  const path = /\/assets\/[^"]+\.js/.exec(page)?.[0];
  if (path === undefined) throw new Error('the page names no script');
  return path;
}
