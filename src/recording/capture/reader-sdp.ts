/** The session description by which ffmpeg reads one track from a port of this machine (RFC 8866). */
import type { Tap } from '../../media/index.ts';

export function readerSdp({ codecs }: Tap['rtpParameters'], port: number): string {
  const codec = codecs[0];
  if (!codec) throw new TypeError('a track without a codec');
  const { mimeType, payloadType, clockRate, channels, parameters } = codec;
  const [kind, name] = mimeType.split('/');
  const format = Object.entries(parameters ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=${kind} ${port} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} ${name}/${clockRate}${channels && channels > 1 ? `/${channels}` : ''}`,
    ...(format.length > 0 ? [`a=fmtp:${payloadType} ${format.join(';')}`] : []),
    '',
  ].join('\r\n');
}
