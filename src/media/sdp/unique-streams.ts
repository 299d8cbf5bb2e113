/** RFC 3550, section 8: within one connection an ssrc is one stream. */
import type { RtpParameters } from '../../protocol/index.ts';
import { invalidSdp } from './refusal.ts';

/** Throws `invalid_sdp` when two of them share one. */
export function demandUniqueStreams(senders: readonly RtpParameters[]): void {
  const seen = new Set<number>();
  const encodings = senders.flatMap((sender) => sender.encodings);
  for (const ssrc of encodings.flatMap(({ ssrc: own, rtx }) => [own, rtx?.ssrc])) {
    if (ssrc === undefined) continue;
    if (seen.has(ssrc)) throw invalidSdp(`ssrc ${ssrc} belongs to two streams.`);
    seen.add(ssrc);
  }
}
