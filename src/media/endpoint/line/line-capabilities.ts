/** What of a room may go over the line of one who phones: µ-law alone, so that nothing has to be transcoded. */
import type { RtpCapabilities } from '../../../protocol/index.ts';

export function lineCapabilities({ codecs, headerExtensions = [] }: RtpCapabilities): RtpCapabilities {
  return {
    codecs: codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'audio/pcmu'),
    headerExtensions: headerExtensions.filter(({ kind }) => kind === 'audio'),
  };
}
