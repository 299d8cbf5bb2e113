/** What the sections on which a client sends are: what it says they are, else what they look like. */
import { AppError } from '../../../lib/index.ts';
import type { MediaKind, SectionSources, TrackSource } from '../../../protocol/index.ts';

const KIND_OF_SOURCE: Readonly<Record<TrackSource, MediaKind>> = {
  microphone: 'audio',
  'screen-audio': 'audio',
  camera: 'video',
  screen: 'video',
};

interface Sent {
  readonly mid: string;
  readonly kind: MediaKind;
  /** RFC 4796. */
  readonly content: string | undefined;
}

export interface SourceRules {
  /** By mid. */
  readonly told: SectionSources;
  readonly mayPublish: (source: TrackSource) => boolean;
}

/** Throws `invalid_message` for a source of another kind, and `forbidden` for one that may not be published. */
export function sourceOf({ mid, kind, content }: Sent, { told, mayPublish }: SourceRules): TrackSource {
  const guess = kind === 'audio' ? 'microphone' : content === 'slides' ? 'screen' : 'camera';
  const source = (Object.hasOwn(told, mid) ? told[mid]?.source : undefined) ?? guess;
  if (KIND_OF_SOURCE[source] !== kind)
    throw new AppError('invalid_message', `Section "${mid}" is ${kind}, and no ${source}.`);
  if (!mayPublish(source)) throw new AppError('forbidden', `You may not publish a ${source} in this call.`);
  return source;
}
