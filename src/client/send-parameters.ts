/** How each source is encoded: simulcast for a camera, one sharp layer for a screen, Opus by what it carries. */
import type { types } from 'mediasoup-client';
import type { Encodings } from '../protocol/index.ts';
import type { LocalTrack } from './local-track.ts';

/** Sizes of the simulcast layers, low to high, as fractions of the full picture and of the full bitrate. */
const LAYERS = [
  { scaleResolutionDownBy: 4, bitrateShare: 0.08 },
  { scaleResolutionDownBy: 2, bitrateShare: 0.3 },
  { scaleResolutionDownBy: 1, bitrateShare: 1 },
] as const;
/** Pixels of height from which browsers agree to send as many layers; below, they send fewer without saying so. */
const HEIGHT_FOR_THREE_LAYERS = 480;
const HEIGHT_FOR_TWO_LAYERS = 270;
const SCREEN_MAX_BITRATE = 3_000_000;
const TEMPORAL_LAYERS = 'L1T3';

export function videoEncodings(local: LocalTrack, { video }: Encodings): types.RtpEncodingParameters[] {
  if (local.source === 'screen') return [{ maxBitrate: SCREEN_MAX_BITRATE }];
  const layers = local.isSimulcast ? LAYERS.slice(-layerCount(local.mediaTrack)) : LAYERS.slice(-1);
  return layers.map(({ scaleResolutionDownBy, bitrateShare }) => ({
    scaleResolutionDownBy,
    maxBitrate: Math.round(video.bitrate.max * bitrateShare),
    maxFramerate: video.framerate,
    scalabilityMode: TEMPORAL_LAYERS,
  }));
}

export function codecOptions(local: LocalTrack, { audio }: Encodings): types.ProducerCodecOptions {
  if (local.kind === 'video') return { videoGoogleStartBitrate: 1_000 };
  const isSpeech = local.source === 'microphone';
  return {
    opusFec: true,
    // Silence costs nothing in speech; in the sound of a screen it would be heard as gaps.
    opusDtx: isSpeech,
    opusStereo: !isSpeech,
    opusMaxAverageBitrate: audio.bitrate,
  };
}

/** Undefined leaves the choice to the browser, which is right when it cannot send the codec that was asked for. */
export function videoCodec(device: types.Device, { video }: Encodings): types.RtpCodecCapability | undefined {
  const wanted = `video/${video.codec}`.toLowerCase();
  return device.sendRtpCapabilities.codecs?.find(({ mimeType }) => mimeType.toLowerCase() === wanted);
}

function layerCount(mediaTrack: MediaStreamTrack): number {
  const { width = 1280, height = 720 } = mediaTrack.getSettings();
  const shortSide = Math.min(width, height);
  if (shortSide >= HEIGHT_FOR_THREE_LAYERS) return 3;
  return shortSide >= HEIGHT_FOR_TWO_LAYERS ? 2 : 1;
}
