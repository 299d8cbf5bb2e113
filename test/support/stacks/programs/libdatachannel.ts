/** libdatachannel, as `node-datachannel` brings it, run by Node. It has no codecs: ffmpeg encodes what it sends, and decodes what comes. */
import library, { type PeerConnection, type Track } from 'node-datachannel';
import type { ConnectionName } from '../lines.ts';
import { DECODED_RATE, DECODED_SIZE, decode, encode, type Format } from './ffmpeg-media.ts';
import { type Connection, readLook, serve, tell } from './serve.ts';
import { Ear } from './tones.ts';

const OPUS = { payloadType: 111, name: 'opus/48000/2' };
const VP8 = { payloadType: 96, name: 'VP8/90000' };
const AUDIO_SSRC = 5_001;
const VIDEO_SSRC = 5_002;
const FIRST_RTCP_TYPE = 192;
const LAST_RTCP_TYPE = 223;
const KEYFRAME_INTERVAL_MS = 1_000;
/** Of a decoded picture, where nothing moves. */
const SAMPLE_AT = 3 * (DECODED_SIZE + 2);

const look = readLook();
/** What nobody refers to is collected, and tells nothing any more. */
const kept: Track[] = [];

await serve(create);

function create(name: ConnectionName): Connection {
  const connection = new library.PeerConnection(name, { iceServers: [], disableAutoNegotiation: true });
  /** By mid, what the server sends there. */
  let formats = new Map<string, Format>();
  connection.onTrack((track) => watch(track, () => formats.get(track.mid())));
  return {
    offer: async () => {
      if (name === 'publish') await publish(connection);
      else askForMedia(connection);
      connection.setLocalDescription('offer');
      return complete(connection);
    },
    answer: async (sdp) => {
      formats = readFormats(sdp);
      connection.setRemoteDescription(sdp, 'offer');
      connection.setLocalDescription('answer');
      return complete(connection);
    },
    accept: async (sdp) => {
      formats = readFormats(sdp);
      connection.setRemoteDescription(sdp, 'answer');
    },
  };
}

async function publish(connection: PeerConnection): Promise<void> {
  const audio = new library.Audio('0', 'SendOnly');
  audio.addOpusCodec(OPUS.payloadType);
  audio.addSSRC(AUDIO_SSRC, 'library', 'stream', 'microphone');
  const video = new library.Video('1', 'SendOnly');
  video.addVP8Codec(VP8.payloadType);
  video.addSSRC(VIDEO_SSRC, 'library', 'stream', 'camera');
  await encode('audio', look, { ...OPUS, ssrc: AUDIO_SSRC, send: sender(connection.addTrack(audio)) });
  await encode('video', look, { ...VP8, ssrc: VIDEO_SSRC, send: sender(connection.addTrack(video)) });
}

function sender(track: Track): (packet: Buffer) => void {
  kept.push(track);
  return (packet) => {
    if (track.isOpen() && !isRtcp(packet)) track.sendMessageBinary(packet);
  };
}

function askForMedia(connection: PeerConnection): void {
  const audio = new library.Audio('0', 'RecvOnly');
  audio.addOpusCodec(OPUS.payloadType);
  const video = new library.Video('1', 'RecvOnly');
  video.addVP8Codec(VP8.payloadType);
  const formats = [OPUS, VP8];
  for (const [at, media] of [audio, video].entries()) watch(connection.addTrack(media), () => formats[at]);
}

/** What comes is decoded from the first packet on. */
function watch(track: Track, formatOf: () => Format | undefined): void {
  track.setMediaHandler(new library.RtcpReceivingSession());
  const mid = track.mid();
  let decoder: Promise<(packet: Buffer) => void> | undefined;
  track.onMessage((packet) => {
    const format = formatOf();
    // What repairs has another number.
    if (!format || isRtcp(packet) || ((packet[1] ?? 0) & 0x7f) !== format.payloadType) return;
    decoder ??= track.type() === 'audio' ? listen(mid, format) : see(track, format);
    void decoder.then((send) => send(packet));
  });
  kept.push(track);
}

function listen(mid: string, format: Format) {
  const ear = new Ear(mid, (sound) => tell({ sound }));
  // Copied: what comes from a pipe need not begin where numbers of two bytes may.
  return decode('audio', format, (bytes) =>
    ear.listen(new Int16Array(Uint8Array.from(bytes).buffer), DECODED_RATE),
  );
}

function see(track: Track, format: Format) {
  const size = 3 * DECODED_SIZE ** 2;
  let bytes = Buffer.alloc(0);
  const asking = setInterval(() => track.requestKeyframe(), KEYFRAME_INTERVAL_MS);
  return decode('video', format, (more) => {
    clearInterval(asking);
    bytes = Buffer.concat([bytes, more]);
    for (; bytes.length >= size; bytes = bytes.subarray(size))
      tell({ picture: { mid: track.mid(), color: [...bytes.subarray(SAMPLE_AT, SAMPLE_AT + 3)] } });
  });
}

/** By mid, the first format of each section: that is what is sent on it. */
function readFormats(sdp: string): Map<string, Format> {
  const sections = sdp.split(/^m=/m).slice(1);
  return new Map(
    sections.flatMap((section): [string, Format][] => {
      const payloadType = Number(/^\w+ \d+ \S+ (\d+)/.exec(section)?.[1]);
      const name = new RegExp(`^a=rtpmap:${payloadType} (\\S+)`, 'm').exec(section)?.[1];
      const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
      return mid !== undefined && name !== undefined ? [[mid, { payloadType, name }]] : [];
    }),
  );
}

/** Once all candidates are in it. */
function complete(connection: PeerConnection): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      if (connection.gatheringState() === 'complete') resolve(connection.localDescription()?.sdp ?? '');
    };
    connection.onGatheringStateChange(look);
    look();
  });
}

function isRtcp(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return type >= FIRST_RTCP_TYPE && type <= LAST_RTCP_TYPE;
}
