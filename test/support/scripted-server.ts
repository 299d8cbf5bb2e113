/** The server as the SDK sees it, without network and media: sockets that answer what a test says, on fake WebRTC. */

import {
  generateConsumerRemoteParameters,
  generateLocalDtlsParameters,
  generateNativeRtpCapabilities,
  generateRouterRtpCapabilities,
  generateTransportRemoteParameters,
} from 'mediasoup-client/fakeParameters';
import { FakeHandler } from 'mediasoup-client/handlers/FakeHandler';
import type { CallClientOptions } from '../../src/client/index.ts';
import type { Joined, Participant, SocketErrorCode, Track } from '../../src/protocol/index.ts';

interface Request {
  readonly id: string;
  readonly type: string;
  readonly targetUserId?: string;
  readonly data: Record<string, unknown>;
}

/** What a request is refused with. */
export class Refusal {
  readonly code: SocketErrorCode;

  constructor(code: SocketErrorCode) {
    this.code = code;
  }
}

/** Undefined leaves a request without an answer. */
type Script = (request: Request) => object | Refusal | undefined;

class ScriptedSocket {
  readonly requests: Request[] = [];
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readonly #script: Script;
  #sequence = 0;

  constructor(script: Script) {
    this.#script = script;
    queueMicrotask(() => this.onopen?.());
  }

  get types(): string[] {
    return this.requests.map(({ type }) => type);
  }

  send(text: string): void {
    const request: Request = JSON.parse(text);
    this.requests.push(request);
    setTimeout(() => {
      const answer = this.#script(request);
      if (answer !== undefined) this.answer(request, answer);
    }, 0);
  }

  close(): void {}

  /** As a network does that is gone. */
  lose(code = 1006): void {
    this.onclose?.({ code });
  }

  tell(type: string, data: object): void {
    this.#sequence += 1;
    this.#say({ type, roomId: 'room', seq: this.#sequence, data });
  }

  answer({ id, type }: Request, answer: object | Refusal): void {
    if (answer instanceof Refusal) {
      this.#say({ type: 'response', id, ok: false, error: { code: answer.code, message: answer.code } });
      return;
    }
    if (type === 'join' || type === 'resume') this.tell('joined', answer);
    this.#say({ type: 'response', id, ok: true, data: answer });
  }

  #say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  /** Before the answers that a server usually gives. */
  script: Record<string, (request: Request) => object | Refusal | undefined> = {};
  participants: Participant[] = [];
  #producers = 0;

  get last(): ScriptedSocket {
    return this.sockets.at(-1)!;
  }

  /** Options of a client of this server. */
  get options(): CallClientOptions {
    return {
      url: 'http://server.test',
      roomId: 'room',
      token: 'token',
      handlerFactory: FakeHandler.createFactory({
        generateNativeRtpCapabilities,
        generateLocalDtlsParameters,
      }),
      openSocket: () => {
        const socket = new ScriptedSocket((request) => this.#answer(request));
        this.sockets.push(socket);
        return socket as unknown as WebSocket;
      },
    };
  }

  joined(patch: Partial<Joined> = {}): Joined {
    return {
      roomId: 'room',
      callId: '00000000-0000-4000-8000-000000000000',
      title: null,
      userId: 'me',
      name: 'Me',
      participants: this.participants,
      routerRtpCapabilities: generateRouterRtpCapabilities() as Joined['routerRtpCapabilities'],
      iceServers: [],
      encodings: {
        audio: { codec: 'opus', bitrate: 32_000 },
        video: {
          codec: 'VP8',
          bitrate: { min: 100_000, max: 1_000_000 },
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
        moderate: true,
        hidden: false,
        phone: false,
      },
      activeSpeaker: null,
      isLocked: false,
      generation: 1,
      resumeToken: `resume-${this.sockets.length}`,
      isResumed: false,
      tracks: [],
      consumers: [],
      ...patch,
    };
  }

  #answer(request: Request): object | Refusal | undefined {
    const scripted = this.script[request.type];
    if (scripted) return scripted(request);
    switch (request.type) {
      case 'join':
        return this.joined();
      case 'create-transport': {
        const { id, ...parameters } = generateTransportRemoteParameters();
        return { transportId: id, ...parameters, generation: 1 };
      }
      case 'produce':
        this.#producers += 1;
        return {
          trackId: `own-${this.#producers}`,
          producerId: `producer-${this.#producers}`,
          generation: 1,
        };
      case 'consume':
        return consumerOf(String(request.data.trackId));
      default:
        return {};
    }
  }
}

/** Their one microphone is the track `<userId>-voice`. */
export function speaker(userId: string, tracks = [voiceOf(userId)]): Participant {
  return {
    userId,
    name: userId,
    joinedAt: '2025-01-01T00:00:00.000Z',
    metadata: {},
    isConnected: true,
    handRaisedAt: null,
    tracks,
    channels: [],
  };
}

export function voiceOf(userId: string, patch: Partial<Track> = {}): Track {
  return {
    trackId: `${userId}-voice`,
    userId,
    kind: 'audio',
    source: 'microphone',
    isPaused: false,
    generation: 1,
    ...patch,
  };
}

/** As much of a microphone as a producer asks for. */
export function fakeMicrophone(): MediaStreamTrack {
  const track = Object.assign(new EventTarget(), {
    id: 'microphone',
    kind: 'audio',
    enabled: true,
    readyState: 'live',
    stop: () => undefined,
    getSettings: () => ({}),
  });
  return track as unknown as MediaStreamTrack;
}

function consumerOf(trackId: string): object {
  const { producerId, kind, rtpParameters } = generateConsumerRemoteParameters({
    codecMimeType: 'audio/opus',
  });
  return {
    consumerId: `consumer-of-${trackId}`,
    producerId,
    trackId,
    userId: 'other',
    kind,
    type: 'simple',
    rtpParameters,
    isProducerPaused: false,
    generation: 1,
  };
}
