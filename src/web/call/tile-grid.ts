/** All tiles: lays them out in the space that there is, and asks for as much of each track as its tile shows. */

import { layersForHeight } from '../../client/index.ts';
import type { Actions } from '../actions.ts';
import { h, setText, type View } from '../dom.ts';
import type { AppState } from '../state.ts';
import { texts } from '../texts.ts';
import { createTile, type TileState } from './tile.ts';
import { gridCapacity, layoutGrid, layoutStage, type Rect, type Space } from './tile-layout.ts';
import { choose, stageOf, type TileView, tilesOf } from './tiles.ts';

const CAMERA_ASPECT = 16 / 9;
const GAP = 10;

export function createTileGrid(actions: Actions): View<AppState> {
  const views = new Map<string, View<TileState>>();
  const more = h('div', { class: 'grid-more' });
  const element = h('section', { class: 'grid' }, more);
  let latest: AppState | undefined;

  const draw = () => {
    if (!latest) return;
    const tiles = tilesOf(latest);
    const { clientWidth: width, clientHeight: height } = element;
    if (width === 0 || height === 0) return;
    const stage = stageOf(tiles, latest.pinnedTile);
    const rects = arrange(tiles, stage, { width, height, gap: GAP });
    removeMissing(views, tiles);
    for (const tile of tiles) {
      const rect = rects.get(tile.id);
      const isOnStage = tile === stage;
      viewOf(tile).update({ tile, rect, isOnStage, isPinned: tile.id === latest.pinnedTile });
      demand(tile, rect);
    }
    const hiddenCount = tiles.length - rects.size;
    more.hidden = hiddenCount === 0;
    setText(more, texts.call.hidden(hiddenCount));
  };

  const viewOf = (tile: TileView): View<TileState> => {
    const known = views.get(tile.id);
    if (known) return known;
    const view = createTile(tile, () => actions.togglePin(tile.id));
    views.set(tile.id, view);
    element.append(view.element);
    return view;
  };

  // The layout alone decides what is seen: nothing scrolls, so no tile can be out of sight in another way.
  const demand = ({ trackId }: TileView, rect: Rect | undefined) => {
    if (trackId === null) return;
    const isShown = rect !== undefined && document.visibilityState === 'visible';
    actions.showTrack(trackId, {
      isShown,
      spatialLayer: rect ? layersForHeight(pictureHeight(rect)).spatialLayer : 0,
    });
  };

  const resizes = new ResizeObserver(draw);
  resizes.observe(element);
  document.addEventListener('visibilitychange', draw);

  return {
    element,
    update(state) {
      latest = state;
      draw();
    },
    dispose() {
      resizes.disconnect();
      document.removeEventListener('visibilitychange', draw);
      for (const view of views.values()) view.dispose?.();
    },
  };
}

function arrange(tiles: readonly TileView[], stage: TileView | undefined, space: Space): Map<string, Rect> {
  const rects = new Map<string, Rect>();
  const put = (shown: readonly TileView[], places: readonly Rect[]) => {
    for (const [index, tile] of shown.entries()) {
      const rect = places[index];
      if (rect) rects.set(tile.id, rect);
    }
  };
  if (stage) {
    const others = tiles.filter((tile) => tile !== stage);
    const aspect = stage.source === 'camera' ? CAMERA_ASPECT : undefined;
    const layout = layoutStage(others.length, space, aspect);
    put([stage], [layout.stage]);
    put(choose(others, layout.strip.length), layout.strip);
  } else {
    const shown = choose(tiles, gridCapacity(tiles.length, space));
    put(shown, layoutGrid(shown.length, space));
  }
  return rects;
}

/** Device pixels of the whole picture: it covers its tile, so a narrow tile shows the middle of a wider one. */
function pictureHeight({ width, height }: Rect): number {
  return Math.max(height, width / CAMERA_ASPECT) * devicePixelRatio;
}

function removeMissing(views: Map<string, View<TileState>>, tiles: readonly TileView[]): void {
  const present = new Set(tiles.map(({ id }) => id));
  for (const [id, view] of views) {
    if (present.has(id)) continue;
    views.delete(id);
    view.dispose?.();
    view.element.remove();
  }
}
