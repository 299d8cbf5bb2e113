/** A scripted server that lets people into a call: joins, transports, tracks; what a CallClient needs to be happy. */
import { FakeMediaStreamTrack } from 'fake-mediastreamtrack';
import * as parameters from 'mediasoup-client/fakeParameters';
import { FakeHandler } from 'mediasoup-client/handlers/FakeHandler';
import type { CallClientOptions } from '../../src/client/index.ts';
import type { Joined, RtpCapabilities, TransportCreated } from '../../src/protocol/index.ts';
import { type Answer, Refusal, ScriptedServer } from './scripted-socket.ts';

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

/** Their microphone, the track `<userId>-voice`. */
export function voiceOf(userId: string, patch: Partial<WireTrack> = {}): WireTrack {
  return wireTrack(`${userId}-voice`, userId, patch);
}

export function speaker(userId: string): WireParticipant {
  return wireParticipant(userId, [voiceOf(userId)]);
}

export class ScriptedCall {
  /** Who is there when somebody joins. */
  participants: WireParticipant[] = [];
  readonly server: ScriptedServer;
  readonly #counts = new Map<string, number>();

  constructor() {
    this.server = new ScriptedServer({
      join: this.lettingIn(),
      // It forgets everyone whose socket it lost.
      resume: () => {
        throw new Refusal('invalid_state');
      },
      leave: () => ({}),
      ping: () => ({ serverTime: new Date().toISOString() }),
      'create-transport': () => this.#transport(),
      'connect-transport': () => ({}),
      produce: ({ data }) => ({
        trackId: data.trackId ?? this.#id('own'),
        producerId: this.#id('producer'),
        generation: 1,
      }),
      'pause-producer': () => ({}),
      'resume-producer': () => ({}),
      'close-producer': () => ({}),
      consume: ({ data }) => this.consumer(String(data.trackId)),
      'pause-consumer': () => ({}),
      'resume-consumer': () => ({}),
      'set-preferred-layers': () => ({}),
      'raise-hand': () => ({}),
      'lower-hand': () => ({}),
      reaction: () => ({}),
      'mute-participant': () => ({}),
      'remove-participant': () => ({}),
      lock: () => ({}),
      admit: () => ({}),
      'refresh-token': () => ({ expiresAt: '2026-01-01T11:00:00.000Z' }),
      chat: () => ({ chatId: this.#id('chat'), sentAt: '2026-01-01T10:00:00.000Z' }),
    });
  }

  /** Options of a client of this call. */
  get options(): CallClientOptions {
    return {
      url: 'https://calls.test',
      roomId: 'room',
      token: 'the-token',
      openSocket: this.server.open,
      handlerFactory,
    };
  }

  /** An answer to `join` or `resume` that tells of the entry first, as a server does, and brings the transports asked for. */
  lettingIn(patch: Partial<Joined> = {}): Answer {
    return ({ data }, socket) => {
      const made =
        data.transports === undefined
          ? {}
          : { transports: { send: this.#transport(), recv: this.#transport() } };
      const joined = this.joined({ ...made, ...patch });
      socket.event('joined', joined);
      return joined;
    };
  }

  joined(patch: Partial<Joined> = {}): Joined {
    return {
      roomId: 'room',
      callId: 'call',
      title: null,
      userId: 'me',
      name: 'Me',
      protocol: 'mediasoup',
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
      resumeToken: `resume-${this.server.sockets.length}`,
      isResumed: false,
      tracks: [],
      consumers: [],
      ...patch,
    };
  }

  /** The answer to a `consume`. */
  consumer(trackId: string): object {
    const track = this.participants
      .flatMap(({ tracks }) => tracks)
      .find((candidate) => candidate.trackId === trackId);
    const kind = track?.kind ?? 'audio';
    const remote = parameters.generateConsumerRemoteParameters({
      codecMimeType: kind === 'audio' ? 'audio/opus' : 'video/VP8',
    });
    return {
      consumerId: `consumer-of-${trackId}`,
      producerId: this.#id('producer'),
      trackId,
      userId: track?.userId ?? 'somebody',
      kind,
      type: kind === 'audio' ? 'simple' : 'simulcast',
      rtpParameters: remote.rtpParameters,
      isProducerPaused: false,
      generation: 1,
    };
  }

  #transport(): TransportCreated {
    const { iceParameters, iceCandidates, dtlsParameters } = parameters.generateTransportRemoteParameters();
    const transportId = this.#id('transport');
    return { iceParameters, iceCandidates, dtlsParameters, transportId, generation: 1 } as TransportCreated;
  }

  #id(what: string): string {
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    return `${what}-${count}`;
  }
}
