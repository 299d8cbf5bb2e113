/** A scripted server that lets people into a call: joins, transports, tracks; what a CallClient needs to be happy. */
import { FakeMediaStreamTrack } from 'fake-mediastreamtrack';
import * as parameters from 'mediasoup-client/fakeParameters';
import { FakeHandler } from 'mediasoup-client/handlers/FakeHandler';
import type { Joined, RtpCapabilities } from '../../src/protocol/index.ts';
import { type Answer, ScriptedServer } from './scripted-socket.ts';

type WireParticipant = Joined['participants'][number];
type WireTrack = WireParticipant['tracks'][number];

export const handlerFactory = FakeHandler.createFactory(parameters);

export function fakeTrack(kind: 'audio' | 'video'): MediaStreamTrack {
  // It has everything of a track but the picture.
  return new FakeMediaStreamTrack({ kind }) as unknown as MediaStreamTrack;
}

export function wireTrack(trackId: string, userId: string, patch: Partial<WireTrack> = {}): WireTrack {
  return { trackId, userId, kind: 'audio', source: 'microphone', isPaused: false, generation: 1, ...patch };
}

export function wireParticipant(userId: string, tracks: readonly WireTrack[] = []): WireParticipant {
  const joinedAt = '2026-01-01T00:00:00.000Z';
  return {
    userId,
    name: userId.toUpperCase(),
    joinedAt,
    metadata: {},
    isConnected: true,
    handRaisedAt: null,
    tracks: [...tracks],
    channels: [],
  };
}

export class ScriptedCall {
  /** Who is there when somebody joins. */
  participants: WireParticipant[] = [];
  readonly server: ScriptedServer;
  #count = 0;

  constructor() {
    this.server = new ScriptedServer({
      join: this.#join,
      leave: () => ({}),
      ping: () => ({ serverTime: new Date().toISOString() }),
      'create-transport': () => ({
        ...transportParameters(),
        transportId: this.#id('transport'),
        generation: 1,
      }),
      'connect-transport': () => ({}),
      produce: () => ({ trackId: this.#id('track'), producerId: this.#id('producer'), generation: 1 }),
      'pause-producer': () => ({}),
      'resume-producer': () => ({}),
      'close-producer': () => ({}),
      consume: this.#consume,
      'pause-consumer': () => ({}),
      'resume-consumer': () => ({}),
      'set-preferred-layers': () => ({}),
      chat: () => ({ chatId: this.#id('chat'), sentAt: '2026-01-01T10:00:00.000Z' }),
    });
  }

  readonly #join: Answer = (_, socket) => {
    const joined: Joined = {
      roomId: 'room',
      callId: 'call',
      title: null,
      userId: 'me',
      name: 'Me',
      participants: this.participants,
      routerRtpCapabilities: parameters.generateRouterRtpCapabilities() as RtpCapabilities,
      iceServers: [],
      encodings: {
        audio: { codec: 'opus', bitrate: 64_000 },
        video: {
          codec: 'VP8',
          bitrate: { min: 100_000, max: 2_000_000 },
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
      activeSpeaker: null,
      isLocked: false,
      generation: 1,
      resumeToken: 'a-resume-token',
      isResumed: false,
      tracks: [],
      consumers: [],
    };
    socket.event('joined', joined);
    return joined;
  };

  readonly #consume: Answer = ({ data }) => {
    const track = this.participants
      .flatMap(({ tracks }) => tracks)
      .find(({ trackId }) => trackId === data.trackId);
    const kind = track?.kind ?? 'audio';
    const remote = parameters.generateConsumerRemoteParameters({
      codecMimeType: kind === 'audio' ? 'audio/opus' : 'video/VP8',
    });
    return {
      consumerId: this.#id('consumer'),
      producerId: this.#id('producer'),
      trackId: data.trackId,
      userId: track?.userId ?? 'somebody',
      kind,
      type: kind === 'audio' ? 'simple' : 'simulcast',
      rtpParameters: remote.rtpParameters,
      isProducerPaused: false,
      generation: 1,
    };
  };

  #id(what: string): string {
    this.#count += 1;
    return `${what}-${this.#count}`;
  }
}

function transportParameters() {
  const { iceParameters, iceCandidates, dtlsParameters } = parameters.generateTransportRemoteParameters();
  return { iceParameters, iceCandidates, dtlsParameters };
}
