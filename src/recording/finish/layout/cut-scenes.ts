/** Scenes: the time of a recording in pieces, one after another without a gap, each with tiles that stay where they are. */
import type { Span } from '../spans.ts';
import type { Box } from './arrange.ts';

export interface Tile {
  readonly box: Box;
  /** As the participant typed it: never part of a command. */
  readonly name: string;
  /** Whose segment is shown; a card with the name when there is none. */
  readonly segment: string | null;
}

/** Frames of the recording, the last one not in it. */
export interface Scene {
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly tiles: readonly Tile[];
}

/** What is shorter flickers, and becomes part of the scene before it. */
const MIN_SCENE_MS = 300;
export interface CutOptions {
  readonly durationMs: number;
  readonly framerate: number;
}

/** `spans` are all that can change the picture; `show` tells what it looks like at a moment. */
export function cutScenes(
  spans: readonly Span[],
  { durationMs, framerate }: CutOptions,
  show: (atMs: number) => readonly Tile[],
): Scene[] {
  const frames = Math.max(1, Math.round((durationMs * framerate) / 1_000));
  const moments = [0, ...spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs])]
    .map((ms) => Math.round((ms * framerate) / 1_000))
    .filter((frame) => frame >= 0 && frame < frames);
  const starts = [...new Set(moments)].sort((a, b) => a - b);
  const scenes = starts.map((fromFrame, index): Scene => {
    const toFrame = starts[index + 1] ?? frames;
    // In the middle of it: its edges were rounded.
    return { fromFrame, toFrame, tiles: show(((fromFrame + toFrame) / 2 / framerate) * 1_000) };
  });
  return join(scenes, Math.round((MIN_SCENE_MS * framerate) / 1_000));
}

/** Neighbours that look the same are one; what is too short is shown as what was before it, or after it at the very beginning. */
function join(scenes: readonly Scene[], minFrames: number): Scene[] {
  const joined: Scene[] = [];
  for (const scene of scenes) {
    const last = joined.at(-1);
    const isShort = scene.toFrame - scene.fromFrame < minFrames;
    if (!last) joined.push(scene);
    else if (isShort || Bun.deepEquals(last.tiles, scene.tiles))
      joined[joined.length - 1] = { ...last, toFrame: scene.toFrame };
    else if (joined.length === 1 && last.toFrame - last.fromFrame < minFrames)
      joined[0] = { ...scene, fromFrame: 0 };
    else joined.push(scene);
  }
  return joined;
}
