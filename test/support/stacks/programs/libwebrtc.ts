/** libwebrtc without a browser, as `@roamhq/wrtc` brings it. */
import { nonstandard, RTCPeerConnection } from '@roamhq/wrtc';
import type { ConnectionName } from '../lines.ts';
import { colorOf, drawPicture, FRAMERATE, type Frame } from './pictures.ts';
import { type Connection, readLook, serve, tell } from './serve.ts';
import { Ear, playTone } from './tones.ts';

const SAMPLE_RATE = 48_000;
/** What a source takes at a time: 10 ms. */
const BLOCK = SAMPLE_RATE / 100;
const BITS = 16;

interface Samples {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channelCount?: number;
}

const look = readLook();
/** What nobody refers to is collected, and tells nothing any more. */
const kept: unknown[] = [];

await serve(create);

function create(name: ConnectionName): Connection {
  const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  if (name === 'publish') {
    for (const track of [playMicrophone(), showCamera()])
      connection.addTransceiver(track, { direction: 'sendonly' });
  }
  connection.addEventListener('track', ({ track, transceiver }) => watch(track, transceiver));
  const describe = async (description: RTCLocalSessionDescriptionInit) => {
    await connection.setLocalDescription(description);
    return connection.localDescription?.sdp ?? '';
  };
  return {
    offer: async () => {
      if (name !== 'publish')
        for (const kind of ['audio', 'video']) connection.addTransceiver(kind, { direction: 'recvonly' });
      return describe(await connection.createOffer());
    },
    answer: async (sdp) => {
      await connection.setRemoteDescription({ type: 'offer', sdp });
      return describe(await connection.createAnswer());
    },
    accept: (sdp) => connection.setRemoteDescription({ type: 'answer', sdp }),
  };
}

function playMicrophone(): MediaStreamTrack {
  const source = new nonstandard.RTCAudioSource();
  const startedAt = performance.now();
  let first = 0;
  setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * SAMPLE_RATE;
    for (; first < due; first += BLOCK) {
      const samples = playTone(look.tone, { first, count: BLOCK, sampleRate: SAMPLE_RATE });
      source.onData({
        samples,
        sampleRate: SAMPLE_RATE,
        bitsPerSample: BITS,
        channelCount: 1,
        numberOfFrames: BLOCK,
      });
    }
  }, 10);
  return source.createTrack();
}

function showCamera(): MediaStreamTrack {
  const source = new nonstandard.RTCVideoSource();
  let number = 0;
  setInterval(() => {
    number += 1;
    source.onFrame(drawPicture(look.color, number));
  }, 1_000 / FRAMERATE);
  return source.createTrack();
}

function watch(track: MediaStreamTrack, transceiver: RTCRtpTransceiver): void {
  const mid = transceiver.mid ?? '';
  if (track.kind === 'video') {
    const sink = new nonstandard.RTCVideoSink(track);
    sink.onframe = ({ frame }: { frame: Frame }) => tell({ picture: { mid, color: colorOf(frame) } });
    kept.push(sink, track);
    return;
  }
  const ear = new Ear(mid, (sound) => tell({ sound }));
  const sink = new nonstandard.RTCAudioSink(track);
  sink.ondata = ({ samples, sampleRate, channelCount = 1 }: Samples) =>
    ear.listen(
      samples.filter((_, at) => at % channelCount === 0),
      sampleRate,
    );
  kept.push(sink, track);
}
