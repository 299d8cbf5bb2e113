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

/** `told`: by mid. Throws `invalid_message` for a source of another kind. */
export function sourceOf({ mid, kind, content }: Sent, told: SectionSources): TrackSource {
  const guess = kind === 'audio' ? 'microphone' : content === 'slides' ? 'screen' : 'camera';
  const source = (Object.hasOwn(told, mid) ? told[mid]?.source : undefined) ?? guess;
  if (KIND_OF_SOURCE[source] !== kind)
    throw new AppError('invalid_message', `Section "${mid}" is ${kind}, and no ${source}.`);
  return source;
}

/** Throws `forbidden` for what would begin and may not be published. What goes on was judged when it began, and when rights changed. */
export function demandRights(
  sections: readonly { readonly source: TrackSource; readonly isNew: boolean }[],
  mayPublish: (source: TrackSource) => boolean,
): void {
  const refused = sections.find(({ source, isNew }) => isNew && !mayPublish(source));
  if (refused) throw new AppError('forbidden', `You may not publish a ${refused.source} in this call.`);
}
