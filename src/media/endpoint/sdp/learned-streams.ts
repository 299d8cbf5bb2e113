/**
 * The ssrcs of a track whose description told only a mid or rids. A browser stops sending those once they are known, so whoever makes
 * the producer again, after a dead worker or a pause of the section, has to know them.
 */
import type { Producer } from 'mediasoup/types';
import type { RtpParameters } from '../../../protocol/index.ts';

type Encodings = RtpParameters['encodings'];

/** Notes them with each stream that appears, for as long as the producer lives. */
export function learnStreams(producer: Producer, note: (encodings: Encodings) => void): void {
  let known = 0;
  producer.on('score', (scores) => {
    if (scores.length <= known) return;
    known = scores.length;
    producer.getStats().then(
      (streams) =>
        note(
          streams.map(({ ssrc, rid, rtxSsrc }) => ({
            ssrc,
            ...(rid !== undefined && rid !== '' && { rid }),
            ...(rtxSsrc !== undefined && rtxSsrc > 0 && { rtx: { ssrc: rtxSsrc } }),
          })),
        ),
      // It closed meanwhile: there is nothing to learn from it any more.
      () => undefined,
    );
  });
}

/** The encodings with what was learned of them. */
export function withLearned(encodings: Encodings, learned: Encodings): Encodings {
  return encodings.map((encoding) => {
    if (encoding.ssrc !== undefined) return encoding;
    const stream = learned.find(({ rid }) => rid === encoding.rid);
    return stream ? { ...stream, ...encoding } : encoding;
  });
}

/**
 * Whether the section can be found again without mids and rids in its packets. Of several layers one is enough: one that was never
 * sent still says its rid when it begins.
 */
export function areKnown(encodings: Encodings, learned: Encodings): boolean {
  return withLearned(encodings, learned).some(({ ssrc }) => ssrc !== undefined);
}
