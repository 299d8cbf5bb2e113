/** What the picture of a recording looks like when: a pure function of what happened. */
import type { RecordingPlan } from '../../plan.ts';
import { contains } from '../spans.ts';
import type { Story } from '../story.ts';
import { arrangeGrid, arrangeStage, type Box, type Size } from './arrange.ts';
import { cutScenes, type Scene, type Tile } from './cut-scenes.ts';
import { currentOf, type Picture, picturesOf } from './pictures.ts';
import { layOutSingle } from './single.ts';
import { takeTurns } from './speakers.ts';

export interface LayoutOptions extends Size {
  readonly layout: RecordingPlan['layout'];
  readonly framerate: number;
}

/** With more, nobody is recognised. */
const MAX_TILES = 25;

/** A tile that has no place yet. */
type Shown = Omit<Tile, 'box'>;

interface Person extends Shown {
  readonly userId: string;
}

export function layOut(story: Story, options: LayoutOptions): Scene[] {
  const { durationMs } = story;
  if (options.layout === 'single') return layOutSingle(story, { ...options, durationMs });
  const pictures = story.tracks.filter(({ kind }) => kind === 'video').flatMap(picturesOf);
  const turns = options.layout === 'speaker' ? takeTurns(story.speakers, durationMs) : [];
  const present = story.participants.flatMap((participant) => participant.present);
  const { framerate } = options;
  return cutScenes([...pictures, ...turns, ...present], { durationMs, framerate }, (atMs) => {
    const stageUserId = turns.find((turn) => contains(turn, atMs))?.userId;
    return arrange({ story, atMs, pictures: currentOf(pictures, atMs), stageUserId }, options);
  });
}

interface Cast {
  readonly story: Story;
  readonly atMs: number;
  readonly pictures: readonly Picture[];
  /** Who spoke last. */
  readonly stageUserId: string | undefined;
}

function arrange(cast: Cast, { layout, width, height }: LayoutOptions): Tile[] {
  const canvas = { width, height };
  const screens = showScreens(cast);
  const people = showPeople(cast);
  const newest = screens.at(-1);
  if (newest && layout === 'screen-first') return place([newest], arrangeGrid(1, canvas));
  const shown = [...(newest ? [newest, ...screens.slice(0, -1)] : []), ...people].slice(0, MAX_TILES);
  const hasStage = newest !== undefined || layout === 'speaker';
  return place(shown, hasStage ? arrangeStage(shown.length, canvas) : arrangeGrid(shown.length, canvas));
}

function place(shown: readonly Shown[], boxes: readonly Box[]): Tile[] {
  return boxes.flatMap((box, index) => {
    const tile = shown[index];
    return tile ? [{ ...tile, box }] : [];
  });
}

function showScreens({ pictures, story }: Cast): Shown[] {
  return pictures
    .filter(({ isScreen }) => isScreen)
    .map(({ userId, segment }) => ({ name: nameOf(userId, story), segment }));
}

/** In the order of their coming, but for the one on the stage. Where not all have room, those with a camera have. */
function showPeople(cast: Cast): Shown[] {
  const people = listUserIds(cast).flatMap((userId) => showPerson(userId, cast));
  const seen = people.toSorted((a, b) => Number(b.segment !== null) - Number(a.segment !== null));
  const chosen = new Set(seen.slice(0, MAX_TILES));
  const { stageUserId } = cast;
  return people
    .filter((person) => chosen.has(person))
    .toSorted((a, b) => Number(b.userId === stageUserId) - Number(a.userId === stageUserId))
    .map(({ name, segment }) => ({ name, segment }));
}

/** Whoever the timeline does not know comes last. */
function listUserIds({ story, pictures }: Cast): string[] {
  const known = story.participants.map(({ userId }) => userId);
  return [...new Set([...known, ...pictures.map(({ userId }) => userId)])];
}

/** A tile for each camera; a card for those who are there without one. */
function showPerson(userId: string, { story, pictures, atMs }: Cast): Person[] {
  const name = nameOf(userId, story);
  const cameras = pictures.filter((picture) => !picture.isScreen && picture.userId === userId);
  if (cameras.length > 0) return cameras.map(({ segment }) => ({ userId, name, segment }));
  const participant = story.participants.find((known) => known.userId === userId);
  const isPresent = participant?.present.some((span) => contains(span, atMs)) ?? false;
  return isPresent ? [{ userId, name, segment: null }] : [];
}

function nameOf(userId: string, { participants }: Story): string {
  return participants.find((participant) => participant.userId === userId)?.name ?? userId;
}
