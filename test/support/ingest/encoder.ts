/** An encoder such as OBS, as far as the network sees it: libdatachannel with a microphone and a camera, its media made up. */
import type { PeerConnection, Track } from 'node-datachannel';
import { loadWebRtc } from '../../../bench/load/webrtc/library.ts';
import { createAudioStream, createVideoStream } from '../../../bench/load/webrtc/rtp-stream.ts';

import { clipAudio, clipVideo } from '../kills/clip-streams.ts';
import type { Clip } from '../media/clip.ts';

const FIRST_RTCP_TYPE = 192;
const LAST_RTCP_TYPE = 223;
const TICK_MS = 20;
const MAX_LATE_MS = 1_000;
const CONNECT_TIMEOUT_MS = 15_000;

let nextSsrc = 70_000;

export class Encoder {
  /** With all candidates. */
  readonly offer: string;
  readonly #connection: PeerConnection;
  readonly #connected: Promise<void>;
  readonly #timer: Timer;

  /** Sends a clip that can be decoded, over and over, or what is made up. */
  static async create({ clip }: { readonly clip?: Clip } = {}): Promise<Encoder> {
    const library = await loadWebRtc();
    const connection = new library.PeerConnection('encoder', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
      forceMediaTransport: true,
    });
    nextSsrc += 2;
    const startedAtMs = performance.now();
    const made = clip
      ? [clipAudio(nextSsrc, clip, startedAtMs).stream, clipVideo(nextSsrc + 1, clip, startedAtMs).stream]
      : [createAudioStream(nextSsrc), createVideoStream(nextSsrc + 1)];
    const streams = made.map((stream, mid) => {
      const media = describe(library, stream, String(mid));
      const track = connection.addTrack(media);
      track.onMessage((message) => {
        const type = message[1] ?? 0;
        if (type >= FIRST_RTCP_TYPE && type <= LAST_RTCP_TYPE) stream.requestKeyframe();
      });
      return { stream, track, dueAt: 0 };
    });
    const connected = Promise.withResolvers<void>();
    connection.onStateChange((state) => {
      if (state === 'connected') connected.resolve();
    });
    const gathered = Promise.withResolvers<void>();
    connection.onGatheringStateChange((state) => {
      if (state === 'complete') gathered.resolve();
    });
    connection.setLocalDescription('offer');
    await gathered.promise;
    const timer = setInterval(() => {
      for (const due of streams) sendDue(due);
    }, TICK_MS);
    return new Encoder(connection, { connected: connected.promise, timer });
  }

  private constructor(connection: PeerConnection, parts: { connected: Promise<void>; timer: Timer }) {
    this.#connection = connection;
    this.#connected = parts.connected;
    this.#timer = parts.timer;
    this.offer = connection.localDescription()?.sdp ?? '';
  }

  /** Takes the answer; resolves when media flows. */
  async connect(answer: string): Promise<void> {
    this.#connection.setRemoteDescription(answer, 'answer');
    let timer: Timer | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the encoder did not connect')), CONNECT_TIMEOUT_MS);
    });
    await Promise.race([this.#connected, timeout]).finally(() => clearTimeout(timer));
  }

  get state(): string {
    return this.#connection.state();
  }

  /** Ends DTLS and ICE in good order. Twice is no error. */
  close(): void {
    clearInterval(this.#timer);
    this.#connection.close();
  }
}

type Stream = ReturnType<typeof createAudioStream>;

function describe(library: Awaited<ReturnType<typeof loadWebRtc>>, stream: Stream, mid: string) {
  if (stream.kind === 'audio') {
    const audio = new library.Audio(mid, 'SendOnly');
    audio.addOpusCodec(stream.payloadType);
    audio.addSSRC(stream.ssrc, 'encoder');
    return audio;
  }
  const video = new library.Video(mid, 'SendOnly');
  video.addVP8Codec(stream.payloadType);
  video.addSSRC(stream.ssrc, 'encoder');
  return video;
}

/** Everything that was due since: frames of a clip that were left out could not be decoded. */
function sendDue(due: { stream: Stream; track: Track; dueAt: number }): void {
  if (!due.track.isOpen()) return;
  const nowMs = performance.now();
  if (nowMs - due.dueAt > MAX_LATE_MS) due.dueAt = nowMs;
  for (; due.dueAt <= nowMs; due.dueAt += due.stream.intervalMs) {
    for (const packet of due.stream.next(due.dueAt)) due.track.sendMessageBinary(packet);
  }
}
