/** How a phone meets the others of its room: on its own, or among browsers. */
import { OpusSource, OpusVoice } from '../leg/opus.ts';
import { MuLawSource } from '../leg/source.ts';
import { PLAIN_VOICE } from '../leg/voice-encoder.ts';
import type { Bridge } from './phone-member.ts';

/** Between two ends of the telephone network's own codec nothing is transcoded. */
export const PLAIN_BRIDGE: Bridge = {
  codec: 'pcmu',
  makeEncoder: () => PLAIN_VOICE,
  makeSource: ({ mimeType }) => (mimeType.toLowerCase() === 'audio/pcmu' ? new MuLawSource() : undefined),
};

/** Among browsers: everyone's Opus is decoded and mixed for the phone, and its own voice is encoded. */
export const MIXING_BRIDGE: Bridge = {
  codec: 'opus',
  makeEncoder: () => new OpusVoice(),
  makeSource: ({ mimeType }) => {
    const type = mimeType.toLowerCase();
    if (type === 'audio/pcmu') return new MuLawSource();
    return type === 'audio/opus' ? new OpusSource() : undefined;
  },
};
