/** A real call for one caller to ask about: somebody is in it and publishes, and the caller has to do with it what the table says. */
import { join } from 'node:path';
import { newId } from '../../../src/lib/index.ts';
import { audioAndVideoOffer } from '../../support/ingest/offers.ts';
import { opusParameters, simulcastParameters } from '../../support/rtp.ts';
import type { TestServer } from '../../support/server.ts';
import { SignalingClient } from '../../support/signaling-client.ts';
import { CALLER_ID, type Caller, HOST_ID } from './callers.ts';

/** Who is in every call, with the rights of a participant. */
export const GUEST_ID = 'ivan';
export const FILE_NAME = 'manifest.json';

export interface World {
  readonly server: TestServer;
  readonly roomId: string;
  /** The `type` of the call; no other call has it. */
  readonly type: string;
  readonly token: string | undefined;
  readonly guest: Guest;
  /** A recording of the call that is completed, with the file `FILE_NAME`. */
  readonly recordingId: string;
  /** One that could not be made into files. */
  readonly failedRecordingId: string;
}

/** What the guest has in the call. */
export interface Guest {
  readonly client: SignalingClient;
  readonly transportId: string;
  readonly microphoneId: string;
  readonly cameraId: string;
  readonly channelId: string;
  readonly consumerId: string;
  readonly resumeToken: string;
}

interface Ask {
  readonly method: string;
  readonly token: string;
  readonly body?: object;
}

export async function createWorld(server: TestServer, caller: Caller): Promise<World> {
  const name = newId().replaceAll('-', '');
  const place = { server, roomId: `call-${name}` };
  const type = `t${name.slice(-31)}`;
  if (caller.isFormerHost) await endEarlierCall(place);
  const makerId = caller.madeAs ? CALLER_ID : HOST_ID;
  await askCalls(server, '', {
    method: 'POST',
    token: await server.token(makerId, [caller.madeAs ?? 'host']),
    body: {
      id: place.roomId,
      type,
      access: caller.access ?? 'open',
      ...(caller.isInvited && { invited: [CALLER_ID] }),
    },
  });
  const guest = await letGuestIn(place);
  if (caller.wasInAs) {
    const earlier = await connect(place, await server.token(CALLER_ID, [caller.wasInAs]));
    await earlier.request('join', { protocol: 'mediasoup' });
    await earlier.close();
  }
  const { callId } = (await askCalls(server, `/${place.roomId}`, {
    method: 'GET',
    token: await server.token('root', ['admin']),
  })) as { callId: string };
  const recordingId = await insertRecording(place, callId, 'completed');
  const failedRecordingId = await insertRecording(place, callId, 'failed');
  return { ...place, type, token: await caller.token(place), guest, recordingId, failedRecordingId };
}

/** Records the call, for somebody who stays out of it. */
export async function record({ server, roomId }: World): Promise<void> {
  const call = server.app.calls.registry.get(roomId);
  if (call) await server.app.calls.recordings.start(call, HOST_ID, {});
}

/** Takes the recording that runs away, whoever began it. */
export async function stopRecordings({ server, roomId }: World): Promise<void> {
  const recordingId = server.app.calls.registry.get(roomId)?.recording?.recordingId;
  if (recordingId !== undefined) await server.app.calls.recordings.remove(recordingId);
}

/** A session of somebody who is in no other call, to be asked about: its path. */
export async function sessionOfGuest({ server, roomId }: World, protocol: 'whip' | 'whep'): Promise<string> {
  const userId = `${protocol}-guest`;
  const direction = protocol === 'whip' ? 'sendonly' : 'recvonly';
  const grants = {
    [roomId]: {
      publish: ['microphone', 'camera'] as ('microphone' | 'camera')[],
      subscribe: true,
      hidden: true,
    },
  };
  const token = await server.token(userId, [], { grants });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' };
  const body = audioAndVideoOffer(direction);
  const response = await fetch(`${server.url}/${protocol}/${roomId}`, { method: 'POST', headers, body });
  const location = response.headers.get('location');
  if (location === null)
    throw new Error(`no session for a guest: ${response.status} ${await response.text()}`);
  return location;
}

/** The call as an admin sees it. */
export async function readCall({ server, roomId }: World): Promise<unknown> {
  return await askCalls(server, `/${roomId}`, {
    method: 'GET',
    token: await server.token('root', ['admin']),
  });
}

/** Joins the call as somebody else, whom nothing keeps out but a lobby. */
export async function connectAs(world: World, userId: string): Promise<SignalingClient> {
  return await connect(world, await guestToken(world, userId));
}

export async function changeSettings({ server, roomId }: World, settings: object): Promise<void> {
  const token = await server.token('root', ['admin']);
  await askCalls(server, `/${roomId}`, { method: 'PUT', token, body: { settings } });
}

type Place = Pick<World, 'server' | 'roomId'>;

async function endEarlierCall({ server, roomId }: Place): Promise<void> {
  const token = await server.token(CALLER_ID);
  await askCalls(server, '', { method: 'POST', token, body: { id: roomId } });
  await askCalls(server, `/${roomId}`, { method: 'DELETE', token });
}

async function letGuestIn(place: Place): Promise<Guest> {
  const client = await connect(place, await guestToken(place, GUEST_ID));
  const joined = await client.request('join', { protocol: 'mediasoup' });
  const { transportId } = await client.request('create-transport', { direction: 'send', hasData: true });
  const microphone = await client.request('produce', {
    transportId,
    kind: 'audio',
    source: 'microphone',
    rtpParameters: opusParameters(),
  });
  const camera = await client.request('produce', {
    transportId,
    kind: 'video',
    source: 'camera',
    rtpParameters: simulcastParameters(),
  });
  const { channelId } = await client.request('produce-data', {
    transportId,
    sctpStreamParameters: { streamId: 0, ordered: true },
  });
  await client.request('create-transport', {
    direction: 'recv',
    rtpCapabilities: joined.routerRtpCapabilities,
  });
  const { consumerId } = await client.request('consume', { trackId: camera.trackId });
  return {
    client,
    transportId,
    microphoneId: microphone.trackId,
    cameraId: camera.trackId,
    channelId,
    consumerId,
    resumeToken: joined.resumeToken,
  };
}

async function insertRecording(
  { server, roomId }: Place,
  callId: string,
  status: 'completed' | 'failed',
): Promise<string> {
  const id = newId();
  const { recordingRepository: rows } = server.app.calls;
  await rows.insert({ id, kind: 'call', callId, roomId, ownerId: HOST_ID, name: roomId, status: 'failed' });
  if (status === 'failed') return id;
  const key = `calls/${id}/${FILE_NAME}`;
  const size = await Bun.write(join(server.dataDir, 'recordings', key), '{}');
  const outcome = { duration: 1, fileSize: size, filePath: key, trackCount: 0, storage: 'local' };
  const file = { recordingId: id, name: FILE_NAME, kind: 'manifest', size, type: 'application/json', key };
  await rows.complete(id, { ...outcome, startedAt: new Date() }, [{ ...file, sha256: '' }]);
  return id;
}

function guestToken({ server, roomId }: Place, userId: string): Promise<string> {
  const publish = ['microphone', 'camera', 'screen'] as ('microphone' | 'camera' | 'screen')[];
  return server.token(userId, [], { grants: { [roomId]: { publish, subscribe: true, data: true } } });
}

function connect({ server, roomId }: Place, token: string): Promise<SignalingClient> {
  return SignalingClient.connect(server.url, token, roomId);
}

async function askCalls(server: TestServer, path: string, { method, token, body }: Ask): Promise<unknown> {
  const response = await fetch(`${server.url}/video-calls${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
  return await response.json();
}
