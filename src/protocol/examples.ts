/** Right examples of every message, in both directions: documentation shows them, and a test holds them to their schemas. */
import type { EventData, EventType } from './events.ts';
import type { Joined, RequestData, RequestResponse, RequestType } from './requests.ts';

export interface RequestExample<T extends RequestType> {
  /** What is special about this one, where there are several. */
  readonly title?: string;
  readonly data: RequestData<T>;
  /** Of messages that name somebody. */
  readonly targetUserId?: string;
  readonly response: RequestResponse<T>;
}

const CALL_ID = '01a1fd47-2503-775f-89fa-9e9145e2f13f';
const RECORDING = '01a1fd47-2503-775f-89fa-9e9145e2f13e';
const SEND_TRANSPORT = '0f4a1f4e-6f43-4d0c-9b57-0c8f9a3d5b11';
const RECEIVE_TRANSPORT = '5f2d6c1a-8a0e-4a3c-8e52-3fd0a4c7be22';
const CAMERA = '01a1fd47-3000-7000-8000-000000000001';
const MICROPHONE = '01a1fd47-3000-7000-8000-000000000002';
const OWN_MICROPHONE = '01a1fd47-3000-7000-8000-000000000003';
const PRODUCER = '9c3f5d77-40a5-4f0c-a3a1-6c0e2d2f1c33';
const CONSUMER = '2b7c9a10-94b8-4d53-9d83-1f60f7a0ce44';
const CHANNEL = 'c6a0a1c5-1be5-4b86-8f0a-2f4f4f8b7a55';
const DATA_CONSUMER = 'd1f3b7a2-77f4-4c60-8f0e-5b1a9e6f9c66';
const NOW = '2026-01-01T10:00:00.000Z';

/** At least one. */
type Examples<T extends RequestType> = readonly [RequestExample<T>, ...RequestExample<T>[]];

const nothing = { data: {}, response: {} } as const;

const opus = {
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  parameters: { useinbandfec: 1, usedtx: 1 },
} as const;
const vp8 = {
  mimeType: 'video/VP8',
  clockRate: 90_000,
  rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
};
const rtpCapabilities = {
  codecs: [
    { kind: 'audio' as const, preferredPayloadType: 111, ...opus },
    { kind: 'video' as const, preferredPayloadType: 96, ...vp8 },
  ],
  headerExtensions: [],
};
const fingerprint = { algorithm: 'sha-256' as const, value: Array(32).fill('3A').join(':') };
const iceParameters = { usernameFragment: 'k7s2jd', password: 'p5x0c1b7d9q2w8e4', iceLite: true };
const transport = {
  iceParameters,
  iceCandidates: [
    {
      foundation: 'udpcandidate',
      priority: 1_076_302_079,
      ip: '203.0.113.7',
      address: '203.0.113.7',
      protocol: 'udp' as const,
      port: 40_000,
      type: 'host' as const,
    },
  ],
  dtlsParameters: { role: 'auto' as const, fingerprints: [fingerprint] },
  generation: 1,
};

const annsMicrophone = {
  trackId: MICROPHONE,
  userId: 'ann',
  kind: 'audio' as const,
  source: 'microphone' as const,
  isPaused: false,
  generation: 1,
};
const ann = {
  userId: 'ann',
  name: 'Ann',
  joinedAt: NOW,
  metadata: {},
  isConnected: true,
  handRaisedAt: null,
  tracks: [annsMicrophone],
  channels: [],
};
const annsChannel = { channelId: CHANNEL, userId: 'ann', label: 'cursor', protocol: '' };

const offerOf = { type: 'offer', sdp: 'v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n…' } as const;
const answerOf = { type: 'answer', sdp: 'v=0\r\no=kaa 90210 1 IN IP4 127.0.0.1\r\n…' } as const;
const publishedSections = {
  '0': { trackId: OWN_MICROPHONE, kind: 'audio', source: 'microphone' },
  '1': { trackId: CAMERA, kind: 'video', source: 'screen' },
} as const;
const candidate = {
  candidate: 'candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host',
  sdpMid: '0',
  sdpMLineIndex: 0,
};

const joined: Joined = {
  roomId: 'call_123',
  callId: CALL_ID,
  title: 'Monday',
  userId: 'bob',
  name: 'Bob',
  protocol: 'mediasoup',
  participants: [ann],
  routerRtpCapabilities: rtpCapabilities,
  iceServers: [],
  encodings: {
    audio: { codec: 'opus', bitrate: 128_000 },
    video: {
      codec: 'vp8',
      bitrate: { min: 500_000, max: 2_000_000 },
      framerate: 30,
      resolution: { width: 1280, height: 720 },
    },
  },
  recording: null,
  permissions: {
    publish: ['microphone', 'camera', 'screen'],
    subscribe: true,
    data: true,
    record: false,
    moderate: false,
    hidden: false,
    phone: false,
  },
  activeSpeaker: 'ann',
  isLocked: false,
  generation: 1,
  resumeToken: '<header>.<claims>.<signature>',
  isResumed: false,
  tracks: [],
  consumers: [],
};

export const requestExamples: { readonly [T in RequestType]: Examples<T> } = {
  join: [
    {
      title: 'a plain RTCPeerConnection',
      data: { name: 'Bob' },
      response: { ...joined, protocol: 'sdp' },
    },
    {
      title: 'mediasoup-client',
      data: { protocol: 'mediasoup', name: 'Bob', transports: { send: {}, recv: {} } },
      response: {
        ...joined,
        transports: {
          send: { transportId: SEND_TRANSPORT, ...transport },
          recv: { transportId: RECEIVE_TRANSPORT, ...transport },
        },
      },
    },
  ],
  resume: [
    {
      data: { resumeToken: '<header>.<claims>.<signature>' },
      response: {
        ...joined,
        isResumed: true,
        changes: {
          participantsJoined: ['carol'],
          participantsLeft: [],
          tracksAdded: [],
          tracksClosed: [MICROPHONE],
        },
      },
    },
  ],
  leave: [nothing],
  ping: [{ data: {}, response: { serverTime: NOW } }],
  'refresh-token': [
    {
      data: { token: '<header>.<claims>.<signature>' },
      response: { expiresAt: '2026-01-01T11:00:00.000Z' },
    },
  ],
  offer: [
    {
      title: 'to the server',
      data: { connection: 'publish', sdp: offerOf, tracks: { '1': { source: 'screen' } } },
      response: { connection: 'publish', sdp: answerOf, tracks: publishedSections },
    },
    { title: 'to another client', data: { sdp: offerOf }, targetUserId: 'ann', response: {} },
  ],
  answer: [
    {
      title: 'to the server',
      data: { connection: 'subscribe', sdp: answerOf },
      targetUserId: 'sfu',
      response: { tracks: publishedSections },
    },
    { title: 'to another client', data: { sdp: answerOf }, targetUserId: 'ann', response: {} },
  ],
  'ice-candidate': [{ data: { candidate }, targetUserId: 'ann', response: {} }],
  renegotiate: [{ data: { how: 'offer' }, response: {} }],
  'create-transport': [
    {
      title: 'to send',
      data: { direction: 'send' },
      response: { transportId: SEND_TRANSPORT, ...transport },
    },
    {
      title: 'to receive',
      data: { direction: 'recv', rtpCapabilities },
      response: { transportId: RECEIVE_TRANSPORT, ...transport },
    },
  ],
  'connect-transport': [
    {
      data: { transportId: SEND_TRANSPORT, dtlsParameters: { role: 'client', fingerprints: [fingerprint] } },
      response: {},
    },
  ],
  'restart-ice': [{ data: { transportId: RECEIVE_TRANSPORT }, response: { iceParameters } }],
  produce: [
    {
      title: 'a microphone',
      data: {
        transportId: SEND_TRANSPORT,
        kind: 'audio',
        source: 'microphone',
        rtpParameters: {
          mid: '0',
          codecs: [{ payloadType: 111, ...opus }],
          encodings: [{ ssrc: 123_456 }],
          rtcp: { cname: 'bob' },
        },
      },
      response: { trackId: OWN_MICROPHONE, producerId: PRODUCER, generation: 1 },
    },
    {
      title: 'a camera with simulcast',
      data: {
        transportId: SEND_TRANSPORT,
        kind: 'video',
        source: 'camera',
        rtpParameters: {
          mid: '1',
          codecs: [{ payloadType: 96, ...vp8 }],
          encodings: [
            { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
            { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
            { rid: 'f', maxBitrate: 2_000_000 },
          ],
          rtcp: { cname: 'bob' },
        },
      },
      response: { trackId: CAMERA, producerId: PRODUCER, generation: 1 },
    },
  ],
  'pause-producer': [{ data: { trackId: CAMERA }, response: {} }],
  'resume-producer': [{ data: { trackId: CAMERA }, response: {} }],
  'close-producer': [{ data: { trackId: CAMERA }, response: {} }],
  consume: [
    {
      data: { trackId: MICROPHONE },
      response: {
        consumerId: CONSUMER,
        producerId: PRODUCER,
        trackId: MICROPHONE,
        userId: 'ann',
        kind: 'audio',
        type: 'simple',
        rtpParameters: { mid: '0', codecs: [{ payloadType: 111, ...opus }], encodings: [{ ssrc: 987_654 }] },
        isProducerPaused: false,
        generation: 1,
      },
    },
  ],
  'pause-consumer': [{ data: { consumerId: CONSUMER }, response: {} }],
  'resume-consumer': [{ data: { consumerId: CONSUMER }, response: {} }],
  'set-preferred-layers': [
    {
      data: { consumerId: CONSUMER, spatialLayer: 1, temporalLayer: 2 },
      response: {},
    },
  ],
  'request-keyframe': [{ data: { consumerId: CONSUMER }, response: {} }],
  'produce-data': [
    {
      data: {
        transportId: SEND_TRANSPORT,
        sctpStreamParameters: { streamId: 0, ordered: true },
        label: 'cursor',
      },
      response: { channelId: CHANNEL },
    },
  ],
  'consume-data': [
    {
      data: { channelId: CHANNEL },
      response: {
        dataConsumerId: DATA_CONSUMER,
        ...annsChannel,
        sctpStreamParameters: { streamId: 0, ordered: true },
      },
    },
  ],
  mute: [{ data: { kind: 'audio' }, response: {} }],
  unmute: [{ data: { kind: 'audio' }, response: {} }],
  chat: [
    { title: 'to all', data: { text: 'Hello!' }, response: { chatId: CALL_ID, sentAt: NOW } },
    {
      title: 'to one',
      data: { text: 'Only for you.' },
      targetUserId: 'ann',
      response: { chatId: CALL_ID, sentAt: NOW },
    },
  ],
  'raise-hand': [nothing],
  'lower-hand': [
    { title: 'our own', ...nothing },
    { title: "somebody else's, by a moderator", ...nothing, targetUserId: 'ann' },
  ],
  reaction: [{ data: { reaction: '👍' }, response: {} }],
  'update-metadata': [{ data: { name: 'Bob (away)' }, response: {} }],
  'mute-participant': [{ data: { kind: 'audio' }, targetUserId: 'ann', response: {} }],
  'remove-participant': [{ ...nothing, targetUserId: 'ann' }],
  lock: [nothing],
  unlock: [nothing],
  admit: [{ data: { isAdmitted: true }, targetUserId: 'carol', response: {} }],
  'start-recording': [
    { data: { layout: 'grid' }, response: { recordingId: RECORDING, status: 'recording' } },
  ],
  'stop-recording': [{ data: {}, response: { recordingId: RECORDING, status: 'processing' } }],
  'end-call': [nothing],
};

const consumerOfTrack = { consumerId: CONSUMER, trackId: MICROPHONE };

export const eventExamples: { readonly [T in EventType]: EventData<T> } = {
  joined,
  'participant-joined': { participant: ann },
  'participant-left': { userId: 'ann', reason: 'left' },
  'participant-updated': { participant: { ...ann, handRaisedAt: NOW } },
  'producer-added': { track: annsMicrophone },
  'producer-closed': { trackId: MICROPHONE, userId: 'ann' },
  'consumer-closed': consumerOfTrack,
  'consumer-paused': consumerOfTrack,
  'consumer-resumed': consumerOfTrack,
  'consumer-layers': { ...consumerOfTrack, layers: { spatialLayer: 1, temporalLayer: 2 } },
  'consumer-score': { ...consumerOfTrack, score: 10, producerScore: 9 },
  'data-producer-added': { channel: annsChannel },
  'data-producer-closed': { channelId: CHANNEL, userId: 'ann' },
  'data-consumer-closed': { dataConsumerId: DATA_CONSUMER, channelId: CHANNEL },
  'active-speaker': { userId: 'ann' },
  chat: { chatId: CALL_ID, userId: 'ann', name: 'Ann', text: 'Hello!', sentAt: NOW, isPrivate: false },
  'hand-raised': { userId: 'ann', isRaised: true },
  reaction: { userId: 'ann', reaction: '👍', isPrivate: false },
  'lobby-waiting': { waiting: [{ userId: 'carol', name: 'Carol' }] },
  'call-locked': { isLocked: true },
  'publish-layers': { trackId: CAMERA, spatialLayer: 1 },
  'quality-warning': { direction: 'up', reasons: ['loss'], loss: 0.08, rttMs: 120, score: 6 },
  offer: {
    connection: 'subscribe',
    sdp: offerOf,
    tracks: {
      '2': { userId: 'ann', trackId: MICROPHONE, kind: 'audio', source: 'microphone', consumerId: CONSUMER },
    },
    spare: { audio: '3', video: '1' },
  },
  answer: { connection: 'publish', sdp: answerOf, tracks: publishedSections },
  'ice-candidate': { candidate },
  renegotiate: { connection: 'publish', how: 'ice-restart' },
  'transports-lost': { generation: 2 },
  'recording-started': { recordingId: RECORDING, startedAt: NOW, startedBy: 'ann' },
  'recording-stopped': { recordingId: RECORDING, reason: 'stopped' },
  'recording-trouble': { recordingId: RECORDING, reason: 'disk-full', isOver: false },
  'recording-progress': { recordingId: RECORDING, phase: 'composing', progress: 0.4 },
  'recording-completed': { recordingId: RECORDING, duration: 912 },
  'recording-failed': { recordingId: RECORDING, reason: 'Nothing was captured.' },
  'call-ended': { reason: 'ended-by-host' },
  'token-expiring': { expiresAt: '2026-01-01T11:00:00.000Z' },
  'server-draining': { secondsLeft: 0 },
};
