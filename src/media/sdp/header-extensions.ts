/** Which header extensions a sender of this connection may use. */
import type { RtpCapabilities } from '../../protocol/index.ts';
import type { SdpExtension, SdpSection } from './description.ts';
import type { ExtensionIds } from './extension-ids.ts';

export const MID_URI = 'urn:ietf:params:rtp-hdrext:sdes:mid';
export const RID_URI = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
export const REPAIRED_RID_URI = 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id';
export const TRANSPORT_CC_URI = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
export const ABS_SEND_TIME_URI = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';

/** Without these a packet cannot be told from others, or the sender does not know how fast it may send: they get their ids first. */
const NEEDED: readonly string[] = [MID_URI, RID_URI, REPAIRED_RID_URI, TRANSPORT_CC_URI, ABS_SEND_TIME_URI];

/**
 * By mid, what each section may use: what the room understands of its kind, what the client sends, and what collides with no other
 * section of the connection.
 */
export function shareExtensions(
  sections: readonly SdpSection[],
  { headerExtensions = [] }: RtpCapabilities,
  ids: ExtensionIds,
): ReadonlyMap<string, readonly SdpExtension[]> {
  const wanted = sections.flatMap((section) =>
    section.extensions
      .filter(({ uri, direction }) => {
        const isSent = direction === 'sendrecv' || direction === 'sendonly';
        return isSent && headerExtensions.some((known) => known.kind === section.kind && known.uri === uri);
      })
      .map((extension) => ({ mid: section.mid, extension })),
  );
  const rank = (uri: string) => (NEEDED.includes(uri) ? NEEDED.indexOf(uri) : NEEDED.length);
  const shared = new Map<string, SdpExtension[]>(sections.map(({ mid }) => [mid, []]));
  for (const { mid, extension } of wanted.toSorted((a, b) => rank(a.extension.uri) - rank(b.extension.uri))) {
    const own = shared.get(mid) ?? [];
    const isDouble = own.some(({ id, uri }) => id === extension.id || uri === extension.uri);
    if (!isDouble && ids.claim(extension.id, extension.uri)) own.push(extension);
  }
  return shared;
}
