/** A player such as a television, as far as the network sees it: libdatachannel that receives one sound and one picture. */
import type { PeerConnection } from 'node-datachannel';
import { loadWebRtc } from '../../../bench/load/webrtc/library.ts';

export interface PlayerCodecs {
  readonly opus: number;
  readonly vp8: number;
}

const CONNECT_TIMEOUT_MS = 15_000;

export class Player {
  /** Its offer, or its answer to one; with all candidates. */
  readonly description: string;
  readonly #connection: PeerConnection;
  readonly #connected: Promise<void>;

  /** Knows the codecs by these numbers. */
  static async offering({ opus, vp8 }: PlayerCodecs): Promise<Player> {
    const library = await loadWebRtc();
    return Player.#create((connection) => {
      const audio = new library.Audio('0', 'RecvOnly');
      audio.addOpusCodec(opus);
      connection.addTrack(audio).setMediaHandler(new library.RtcpReceivingSession());
      const video = new library.Video('1', 'RecvOnly');
      video.addVP8Codec(vp8);
      connection.addTrack(video).setMediaHandler(new library.RtcpReceivingSession());
      connection.setLocalDescription('offer');
    });
  }

  static async answering(offer: string): Promise<Player> {
    const library = await loadWebRtc();
    return Player.#create((connection) => {
      connection.onTrack((track) => track.setMediaHandler(new library.RtcpReceivingSession()));
      connection.setRemoteDescription(offer, 'offer');
      connection.setLocalDescription('answer');
    });
  }

  static async #create(begin: (connection: PeerConnection) => void): Promise<Player> {
    const library = await loadWebRtc();
    const connection = new library.PeerConnection('player', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
      forceMediaTransport: true,
    });
    const connected = Promise.withResolvers<void>();
    connection.onStateChange((state) => {
      if (state === 'connected') connected.resolve();
    });
    const gathered = Promise.withResolvers<void>();
    connection.onGatheringStateChange((state) => {
      if (state === 'complete') gathered.resolve();
    });
    begin(connection);
    await gathered.promise;
    return new Player(connection, connected.promise);
  }

  private constructor(connection: PeerConnection, connected: Promise<void>) {
    this.#connection = connection;
    this.#connected = connected;
    this.description = connection.localDescription()?.sdp ?? '';
  }

  /** Takes the answer, when there is one to come; resolves when media can come. */
  async connect(answer?: string): Promise<void> {
    if (answer !== undefined) this.#connection.setRemoteDescription(answer, 'answer');
    let timer: Timer | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the player did not connect')), CONNECT_TIMEOUT_MS);
    });
    await Promise.race([this.#connected, timeout]).finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#connection.close();
  }
}
