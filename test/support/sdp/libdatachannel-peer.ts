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

export interface ServerDescription {
  readonly sdp: unknown;
  readonly tracks?: unknown;
}

export class LibdatachannelPeer {
  readonly #client: SignalingClient;
  readonly #sending: PeerConnection;
  readonly #receiving: PeerConnection;
  readonly #tracks = new Map<RtpStream, Track>();
  readonly #received = new Map<string, number>();
  readonly #kept: Track[] = [];
  #pace: Timer | undefined;

  static async create(client: SignalingClient): Promise<LibdatachannelPeer> {
    const { PeerConnection: Connection } = await loadWebRtc();
    const create = (name: string) => new Connection(name, { iceServers: [], disableAutoNegotiation: true });
    return new LibdatachannelPeer(client, create('sending'), create('receiving'));
  }

  private constructor(client: SignalingClient, sending: PeerConnection, receiving: PeerConnection) {
    this.#client = client;
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
    const offer = { connection: 'publish' as const, sdp: this.#sending.localDescription()?.sdp ?? '' };
    const { sdp } = await this.#client.request('offer', offer);
    this.#sending.setRemoteDescription(sdp?.sdp ?? '', 'answer');
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
  async answerNext(): Promise<Record<string, { readonly userId: string }>> {
    const { sdp, tracks } = (await this.#client.event('offer')) as ServerDescription;
    this.#receiving.setRemoteDescription((sdp as { sdp: string }).sdp, 'offer');
    this.#receiving.setLocalDescription('answer');
    const answer = this.#receiving.localDescription()?.sdp ?? '';
    await this.#client.request('answer', { connection: 'subscribe', sdp: answer });
    return tracks as Record<string, { readonly userId: string }>;
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
