/** The codecs and header extensions of one section, as its lines say. */
import type { Direction, SdpCodec, SdpExtension } from './description.ts';
import { invalidSdp } from './refusal.ts';
import type { ParsedMedia } from './shape.ts';

const MAX_CODECS = 128;
const NAME = /^[A-Za-z0-9_.+-]{1,32}$/;
const PARAMETER = /^[A-Za-z0-9_-]{1,64}$/;
const FEEDBACK = /^[A-Za-z0-9-]{1,32}$/;
/** RFC 3551, section 6: numbers that may go without a=rtpmap. The only one that we route is PCMU. */
const PCMU: Omit<SdpCodec, 'rtcpFeedback'> = {
  payloadType: 0,
  mimeType: 'audio/PCMU',
  clockRate: 8_000,
  parameters: {},
};

/** Throws `invalid_sdp` when one number stands for two codecs. */
export function readCodecs(media: ParsedMedia): SdpCodec[] {
  const numbers = String(media.payloads ?? '')
    .split(' ')
    .filter((word) => /^\d{1,3}$/.test(word))
    .map(Number);
  if (numbers.length > MAX_CODECS)
    throw invalidSdp(`a section lists ${numbers.length} formats, more than ${MAX_CODECS}.`);
  if (new Set(numbers).size < numbers.length) throw invalidSdp('a section lists a payload type twice.');
  return numbers.flatMap((payloadType) => {
    const lines = media.rtp.filter(({ payload }) => payload === payloadType);
    if (lines.length > 1) throw invalidSdp(`payload type ${payloadType} has two a=rtpmap lines.`);
    const [line] = lines;
    const rtcpFeedback = readFeedback(media, payloadType);
    if (!line) return payloadType === 0 && media.type === 'audio' ? [{ ...PCMU, rtcpFeedback }] : [];
    const name = String(line.codec);
    if (!NAME.test(name) || line.rate === undefined) return [];
    const channels = Number(line.encoding ?? 1);
    return [
      {
        payloadType,
        mimeType: `${media.type}/${name}`,
        clockRate: line.rate,
        ...(media.type === 'audio' && channels > 1 && channels <= 8 && { channels }),
        parameters: readParameters(media, payloadType),
        rtcpFeedback,
      },
    ];
  });
}

function readParameters(media: ParsedMedia, payloadType: number): SdpCodec['parameters'] {
  const texts = media.fmtp
    .filter(({ payload }) => payload === payloadType)
    .map(({ config }) => String(config));
  const pairs = texts
    .flatMap((text) => text.split(';'))
    .flatMap((part): [string, string | number | null][] => {
      const [, name = '', value] = part.trim().match(/^([^=]+)(?:=(.*))?$/) ?? [];
      if (!PARAMETER.test(name)) return [];
      if (value === undefined) return [[name, null]];
      return value.length <= 256 ? [[name, toValue(name, value)]] : [];
    });
  return Object.fromEntries(pairs.slice(0, 32));
}

/** A profile of digits alone is a word all the same: its digits are hexadecimal (RFC 6184, section 8.1). */
function toValue(name: string, value: string): string | number {
  return name !== 'profile-level-id' && String(Number(value)) === value ? Number(value) : value;
}

function readFeedback(media: ParsedMedia, payloadType: number): SdpCodec['rtcpFeedback'] {
  return (media.rtcpFb ?? [])
    .filter(({ payload }) => payload === payloadType || payload === '*')
    .map(({ type, subtype }) => ({
      type: String(type),
      ...(subtype !== undefined && { parameter: String(subtype) }),
    }))
    .filter(({ type, parameter }) => FEEDBACK.test(type) && (parameter ?? '').length <= 32);
}

/** Those that go encrypted (RFC 6904) are left out: nobody here reads them. */
export function readExtensions(media: ParsedMedia): SdpExtension[] {
  const plain = (media.ext ?? []).filter((extension) => extension['encrypt-uri'] === undefined);
  return plain.map(({ value, uri, direction }) => ({
    id: value,
    uri: String(uri),
    direction: toDirection(direction) ?? 'sendrecv',
  }));
}

export function toDirection(word: string | undefined): Direction | undefined {
  return word === 'sendrecv' || word === 'sendonly' || word === 'recvonly' || word === 'inactive'
    ? word
    : undefined;
}
