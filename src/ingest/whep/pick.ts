/** Which of the tracks in a call a viewer is shown who can have one sound and one picture. */
import type { Participant } from '../../engine/index.ts';
import type { MediaKind } from '../../protocol/index.ts';

type Track = Participant['publications'] extends ReadonlyMap<string, infer Publication> ? Publication : never;

export type Shown = Readonly<Partial<Record<MediaKind, Track>>>;

type Publisher = Pick<Participant, 'userId' | 'publications'>;

/** In the order of preference. */
const PICTURES = ['screen', 'camera'];
const SOUNDS = ['microphone', 'screen-audio'];

/** What one publisher has; of a shared screen and a camera the screen. A track whose worker died is none until it is back. */
export function tracksOf({ publications }: Publisher): Shown {
  const tracks = [...publications.values()].filter(({ isClosed, isLost }) => !isClosed && !isLost);
  const find = (sources: readonly string[]) =>
    sources
      .map((source) => tracks.find((track) => track.source === source))
      .find((track) => track !== undefined);
  const audio = find(SOUNDS);
  const video = find(PICTURES);
  return { ...(audio && { audio }), ...(video && { video }) };
}

export interface Stage {
  readonly publishers: readonly Publisher[];
  readonly activeSpeaker: string | null;
  /** What is shown now. */
  readonly before: Shown;
}

/**
 * The active speaker; while nobody speaks, or the speaker has no such track, whoever was shown before, as long as they have it,
 * and then whoever comes first.
 */
export function pickStage({ publishers, activeSpeaker, before }: Stage): Shown {
  const pick = (kind: MediaKind): Track | undefined => {
    const of = (userId: string | null | undefined) => {
      const publisher = publishers.find((other) => other.userId === userId);
      return publisher && tracksOf(publisher)[kind];
    };
    const first = publishers
      .map((publisher) => tracksOf(publisher)[kind])
      .find((track) => track !== undefined);
    return of(activeSpeaker) ?? of(before[kind]?.userId) ?? first;
  };
  const audio = pick('audio');
  const video = pick('video');
  return { ...(audio && { audio }), ...(video && { video }) };
}
