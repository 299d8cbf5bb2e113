/** One peer connection of libdatachannel to one transport of the server, its tracks kept for as long as it lives. */
import type { PeerConnection, Track } from 'node-datachannel';
import type { DtlsParameters } from '../../../src/protocol/index.ts';
import type { TransportParameters } from '../sfu/sfu.ts';
import { loadWebRtc } from './library.ts';
import { asksForKeyframe, type RtpStream } from './rtp-stream.ts';
import { dtlsParametersOf, type Section, serverSdp } from './sdp.ts';

export interface ConnectionOptions {
  readonly transport: TransportParameters;
  /** Hands the fingerprint to the server. */
  readonly connect: (dtlsParameters: DtlsParameters) => Promise<void>;
}

export interface SendOptions extends ConnectionOptions {
  /** Whether sender reports go out. Their RTP time is of the library's own making, and not that of the packets. Default: yes. */
  readonly hasReports?: boolean;
}

export interface SendConnection {
  send(stream: RtpStream, nowMs: number): void;
  close(): void;
}

export interface ReceiveConnection {
  /** RTP packets that came so far; 0 unless they are counted. */
  readonly packetsReceived: number;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 20_000;
/** From here on it is RTCP (RFC 5761, 4). */
const FIRST_RTCP_TYPE = 192;
const LAST_RTCP_TYPE = 223;

/** Resolves when packets can be sent. */
export async function connectToSend(
  { transport, connect, hasReports = true }: SendOptions,
  streams: readonly RtpStream[],
): Promise<SendConnection> {
  const library = await loadWebRtc();
  const connection = await createConnection();
  const tracks = new Map<RtpStream, Track>();
  for (const [index, stream] of streams.entries()) {
    const media =
      stream.kind === 'audio'
        ? new library.Audio(`${index}`, 'SendOnly')
        : new library.Video(`${index}`, 'SendOnly');
    if (stream.kind === 'audio')
      (media as InstanceType<typeof library.Audio>).addOpusCodec(stream.payloadType);
    else (media as InstanceType<typeof library.Video>).addVP8Codec(stream.payloadType);
    media.addSSRC(stream.ssrc, `load-${stream.ssrc}`);
    const track = connection.addTrack(media);
    const { ssrc, payloadType, clockRate } = stream;
    if (hasReports) {
      const config = new library.RtpPacketizationConfig(ssrc, `load-${ssrc}`, payloadType, clockRate);
      track.setMediaHandler(new library.RtcpSrReporter(config));
    }
    track.onMessage((message) => {
      if (isRtcp(message) && asksForKeyframe(message)) stream.requestKeyframe();
    });
    tracks.set(stream, track);
  }
  const connected = whenConnected(connection);
  connection.setLocalDescription('offer');
  await connect(dtlsParametersOf(connection.localDescription()?.sdp ?? ''));
  connection.setRemoteDescription(serverSdp(transport, { type: 'answer', sections: streams }), 'answer');
  await connected;
  return {
    send: (stream, nowMs) => {
      const track = tracks.get(stream);
      // The other side may have closed it a moment ago.
      if (!track?.isOpen()) return;
      for (const packet of stream.next(nowMs)) track.sendMessageBinary(packet);
    },
    close: () => connection.close(),
  };
}

/** Resolves when packets can come. They are decrypted and answered with reports, and looked at only when they are counted. */
export async function connectToReceive(
  { transport, connect }: ConnectionOptions,
  sections: readonly Section[],
  { isCounting }: { readonly isCounting: boolean },
): Promise<ReceiveConnection> {
  const library = await loadWebRtc();
  const connection = await createConnection();
  const tracks: Track[] = [];
  let packetsReceived = 0;
  connection.onTrack((track) => {
    track.setMediaHandler(new library.RtcpReceivingSession());
    if (isCounting) {
      track.onMessage((message) => {
        if (!isRtcp(message)) packetsReceived += 1;
      });
    }
    tracks.push(track);
  });
  const connected = whenConnected(connection);
  connection.setRemoteDescription(serverSdp(transport, { type: 'offer', sections }), 'offer');
  connection.setLocalDescription('answer');
  await connect(dtlsParametersOf(connection.localDescription()?.sdp ?? ''));
  await connected;
  return {
    get packetsReceived() {
      return packetsReceived;
    },
    close: () => {
      tracks.length = 0;
      connection.close();
    },
  };
}

async function createConnection(): Promise<PeerConnection> {
  const { PeerConnection } = await loadWebRtc();
  return new PeerConnection('load', {
    iceServers: [],
    bindAddress: '127.0.0.1',
    disableAutoNegotiation: true,
    forceMediaTransport: true,
  });
}

function whenConnected(connection: PeerConnection): Promise<void> {
  const connected = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => connected.reject(new Error(`no connection in ${CONNECT_TIMEOUT_MS} ms: ${connection.state()}`)),
    CONNECT_TIMEOUT_MS,
  );
  connection.onStateChange((state) => {
    if (state === 'connected') connected.resolve();
    else if (state === 'failed') connected.reject(new Error('the connection failed'));
  });
  const settled = connected.promise.finally(() => clearTimeout(timer));
  // Whoever fails before they await it is told by their own failure.
  settled.catch(() => {});
  return settled;
}

function isRtcp(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return type >= FIRST_RTCP_TYPE && type <= LAST_RTCP_TYPE;
}
