/** Somebody whose WebRTC is libdatachannel's: publishes by their own offer, and receives what the server offers. */
import type { PeerConnection, Track } from 'node-datachannel';
import { loadWebRtc } from '../../../bench/load/webrtc/library.ts';
import {
  asksForKeyframe,
  createAudioStream,
  createVideoStream,
  type RtpStream,
} from '../../../bench/load/webrtc/rtp-stream.ts';
import type { SignalingClient } from '../signaling-client.ts';

const PACE_MS = 20;
/** From here on it is RTCP (RFC 5761, section 4). */
const RTCP_TYPES = { first: 192, last: 223 };

type OfferedTracks = Record<string, { readonly userId: string }>;

/** The way to the server. */
export interface Line {
  /** Gives the answer. */
  offer(sdp: string): Promise<string>;
  nextOffer(): Promise<{ readonly sdp: string; readonly tracks: OfferedTracks }>;
  answer(sdp: string): Promise<void>;
}

export function overSocket(client: SignalingClient): Line {
  return {
    offer: async (sdp) => (await client.request('offer', { connection: 'publish', sdp })).sdp?.sdp ?? '',
    nextOffer: async () => {
      const { sdp, tracks } = await client.event('offer');
      return { sdp: typeof sdp === 'string' ? sdp : sdp.sdp, tracks: tracks as OfferedTracks };
    },
    answer: async (sdp) => {
      await client.request('answer', { connection: 'subscribe', sdp });
    },
  };
}

export class LibdatachannelPeer {
  readonly #line: Pick<Line, 'offer'> & Partial<Line>;
  readonly #sending: PeerConnection;
  readonly #receiving: PeerConnection;
  readonly #tracks = new Map<RtpStream, Track>();
  readonly #received = new Map<string, number>();
  readonly #kept: Track[] = [];
  #pace: Timer | undefined;

  /** Who only publishes needs no more of the line. */
  static async create(line: Pick<Line, 'offer'> & Partial<Line>): Promise<LibdatachannelPeer> {
    const { PeerConnection: Connection } = await loadWebRtc();
    const create = (name: string) => new Connection(name, { iceServers: [], disableAutoNegotiation: true });
    return new LibdatachannelPeer(line, create('sending'), create('receiving'));
  }

  private constructor(
    line: Pick<Line, 'offer'> & Partial<Line>,
    sending: PeerConnection,
    receiving: PeerConnection,
  ) {
    this.#line = line;
    this.#sending = sending;
    this.#receiving = receiving;
  }

  /** How many RTP packets came, by mid. */
  get received(): ReadonlyMap<string, number> {
    return this.#received;
  }

  /** Offers a microphone and a camera, and sends them. */
  async publish(ssrc: number): Promise<void> {
    const library = await loadWebRtc();
    const streams = [createAudioStream(ssrc), createVideoStream(ssrc + 1)];
    for (const stream of streams) {
      const media =
        stream.kind === 'audio'
          ? new library.Audio('audio', 'SendOnly')
          : new library.Video('video', 'SendOnly');
      if ('addOpusCodec' in media) media.addOpusCodec(stream.payloadType);
      else media.addVP8Codec(stream.payloadType);
      media.addSSRC(stream.ssrc, 'library', 'stream', `track-${stream.kind}`);
      const track = this.#sending.addTrack(media);
      track.onMessage((message) => {
        if (isRtcp(message) && asksForKeyframe(message)) stream.requestKeyframe();
      });
      this.#tracks.set(stream, track);
    }
    this.#sending.setLocalDescription('offer');
    const answer = await this.#line.offer(this.#sending.localDescription()?.sdp ?? '');
    this.#sending.setRemoteDescription(answer, 'answer');
    this.#pace = setInterval(() => this.#send(), PACE_MS);
  }

  /** Answers what the server offers, and counts what comes. */
  async receive(): Promise<void> {
    const library = await loadWebRtc();
    this.#receiving.onTrack((track) => {
      track.setMediaHandler(new library.RtcpReceivingSession());
      const mid = track.mid();
      track.onMessage((message) => {
        if (!isRtcp(message)) this.#received.set(mid, (this.#received.get(mid) ?? 0) + 1);
      });
      this.#kept.push(track);
    });
    await this.answerNext();
  }

  /** By mid, what the next offer brings. */
  async answerNext(): Promise<OfferedTracks> {
    const offer = await this.#line.nextOffer?.();
    this.#receiving.setRemoteDescription(offer?.sdp ?? '', 'offer');
    this.#receiving.setLocalDescription('answer');
    await this.#line.answer?.(this.#receiving.localDescription()?.sdp ?? '');
    return offer?.tracks ?? {};
  }

  close(): void {
    clearInterval(this.#pace);
    this.#kept.length = 0;
    this.#sending.close();
    this.#receiving.close();
  }

  #send(): void {
    for (const [stream, track] of this.#tracks) {
      if (!track.isOpen()) continue;
      for (const packet of stream.next(performance.now())) track.sendMessageBinary(packet);
    }
  }
}

function isRtcp(message: Buffer): boolean {
  const type = message[1] ?? 0;
  return type >= RTCP_TYPES.first && type <= RTCP_TYPES.last;
}
