/** µ-law to linear samples and back (ITU-T G.711), by tables. */

const BIAS = 0x84;
const CLIP = 32_635;
/** Two bits less than 16 tell all that µ-law can. */
const ENCODING_SHIFT = 2;

const toLinear = Int16Array.from({ length: 256 }, (_, byte) => expand(byte));
const toByte = Uint8Array.from({ length: 2 ** (16 - ENCODING_SHIFT) }, (_, index) =>
  compress((index << ENCODING_SHIFT) - 32_768),
);

export function decodeMuLaw(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) samples[index] = toLinear[bytes[index] ?? 0] ?? 0;
  return samples;
}

export function encodeMuLaw(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length);
  for (let index = 0; index < samples.length; index += 1)
    bytes[index] = toByte[((samples[index] ?? 0) + 32_768) >> ENCODING_SHIFT] ?? 0;
  return bytes;
}

function expand(byte: number): number {
  const inverted = ~byte & 0xff;
  const exponent = (inverted >> 4) & 0x07;
  const magnitude = (((inverted & 0x0f) << 3) + BIAS) << exponent;
  return (inverted & 0x80) !== 0 ? BIAS - magnitude : magnitude - BIAS;
}

function compress(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS;
  const exponent = Math.max(0, 31 - Math.clz32(magnitude >> 7));
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
