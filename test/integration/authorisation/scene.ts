/** One message on its way: the socket that sends it, and what the message is about, made ready over the same socket. */
import { ResumeTokens } from '../../../src/auth/index.ts';
import { newId } from '../../../src/lib/index.ts';
import type { Joined, RequestData } from '../../../src/protocol/index.ts';
import { opusParameters, vp8Parameters } from '../../support/rtp.ts';
import { JWT_SECRET } from '../../support/server.ts';
import { SignalingClient } from '../../support/signaling-client.ts';
import { CALLER_ID } from './callers.ts';
import { changeSettings, connectAs, type World } from './world.ts';

export interface Scene {
  readonly world: World;
  readonly token: string;
  readonly client: SignalingClient;
  /** Undefined when the caller does not get into the call, or stays outside. */
  readonly joined: Joined | undefined;
  /** Other sockets that the message needs, to be closed after it. */
  readonly others: SignalingClient[];
}

export const DTLS_PARAMETERS: RequestData<'connect-transport'>['dtlsParameters'] = {
  role: 'client',
  fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('AB').join(':') }],
};

export async function openScene(world: World, isOutside: boolean): Promise<Scene> {
  const token = world.token ?? '';
  const client = await SignalingClient.connect(world.server.url, token, world.roomId);
  const joined = isOutside
    ? undefined
    : await unlessRefused(client.request('join', { protocol: 'mediasoup' }), undefined);
  return { world, token, client, joined, others: [] };
}

export async function closeScene({ client, others }: Scene): Promise<void> {
  await Promise.all([client, ...others].map((socket) => socket.close()));
}

/** Has the caller in the call as one who speaks SDP, if they are in it at all. */
export async function speakSdp({ client, joined }: Scene): Promise<void> {
  if (!joined) return;
  await client.request('leave', {});
  await client.request('join', { protocol: 'sdp' });
}

export function newRoom(): string {
  return `room-${newId()}`;
}

export async function makeSendTransport({ client }: Scene): Promise<string> {
  const made = client.request('create-transport', { direction: 'send', hasData: true });
  return (await unlessRefused(made, { transportId: newId() })).transportId;
}

/** Or a send transport for those who receive nothing, or an id that is nobody's. */
export async function makeReceiveTransport(scene: Scene): Promise<string> {
  const made = scene.client.request('create-transport', {
    direction: 'recv',
    hasData: true,
    ...(scene.joined && { rtpCapabilities: scene.joined.routerRtpCapabilities }),
  });
  return (await unlessRefused(made, undefined))?.transportId ?? (await makeSendTransport(scene));
}

export async function ownTrack(scene: Scene): Promise<string> {
  const made = scene.client.request('produce', microphone(await makeSendTransport(scene)));
  return (await unlessRefused(made, { trackId: newId() })).trackId;
}

export async function ownConsumer(scene: Scene): Promise<string> {
  await makeReceiveTransport(scene);
  const made = scene.client.request('consume', { trackId: scene.world.guest.cameraId });
  return (await unlessRefused(made, { consumerId: newId() })).consumerId;
}

export function microphone(transportId: string): RequestData<'produce'> {
  return { transportId, kind: 'audio', source: 'microphone', rtpParameters: opusParameters() };
}

export function video(transportId: string, source: 'camera' | 'screen'): RequestData<'produce'> {
  return { transportId, kind: 'video', source, rtpParameters: vp8Parameters() };
}

/** That of the same participant on another socket; for those who are not let in, one from when they were. */
export async function ownResumeToken({ world, token, others }: Scene): Promise<string> {
  const earlier = await SignalingClient.connect(world.server.url, token, world.roomId);
  others.push(earlier);
  const joined = await unlessRefused(earlier.request('join', { protocol: 'mediasoup' }), undefined);
  if (joined) return joined.resumeToken;
  return new ResumeTokens(JWT_SECRET).issue({
    sub: CALLER_ID,
    roomId: world.roomId,
    callId: newId(),
    participantId: newId(),
    name: CALLER_ID,
  });
}

export function foreignToken({ world }: Scene): Promise<string> {
  return world.server.token('somebody-else', ['viewer']);
}

export async function letSomebodyIn({ world, others }: Scene): Promise<string> {
  const userId = `guest-${newId()}`;
  const client = await connectAs(world, userId);
  others.push(client);
  await client.request('join', { protocol: 'mediasoup' });
  return userId;
}

/** The lobby is opened for a moment, so that the caller did not have to wait in it. */
export async function letSomebodyWait({ world, others }: Scene): Promise<string> {
  const userId = `guest-${newId()}`;
  const client = await connectAs(world, userId);
  others.push(client);
  await changeSettings(world, { waitingRoom: true });
  client.send({ type: 'join', roomId: world.roomId, data: { protocol: 'mediasoup' } });
  await client.event('lobby-waiting');
  await changeSettings(world, {});
  return userId;
}

/** For preparations: whoever may not have it goes on without. */
async function unlessRefused<T, Fallback>(asked: Promise<T>, fallback: Fallback): Promise<T | Fallback> {
  return await asked.catch((error: unknown) => {
    const { code } = error as { code?: string };
    if (code === 'forbidden' || code === 'not_joined') return fallback;
    throw error;
  });
}
