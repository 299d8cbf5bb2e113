/**
 * One recording of four people to whom everything happens that happens in calls: each is at the right place of the picture at the
 * right time, and heard when they were heard.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { arrangeGrid, arrangeStage } from '../../src/recording/finish/layout/arrange.ts';
import { launchBrowser, type TestBrowser } from '../support/browser.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { countLayerFrames, setLayerActive } from './peer-connections.ts';
import type { Look } from './performer/look.ts';
import { SIZE } from './performer/look.ts';
import { type OnStage, Stage } from './performer/stage.ts';
import { type Glance, readGlances, readSharpness, readTones } from './read-call.ts';
import { type Finished, RecordedRoom } from './recorded-room.ts';

const TIMEOUT_MS = 180_000;
const ROOM = 'eventful';
const CANVAS = { width: 2 * SIZE.width, height: 2 * SIZE.height };

const LOOKS = {
  ann: { color: [200, 40, 40], tone: 500 },
  bob: { color: [40, 160, 60], tone: 800 },
  cat: { color: [50, 70, 210], tone: 1_300 },
  dan: { color: [220, 200, 40], tone: 2_100 },
} satisfies Record<string, Look>;
type Name = keyof typeof LOOKS;
const NAMES = Object.keys(LOOKS) as Name[];
const SCREEN = [170, 60, 190] as const;

/** What else there is to see. */
const COLORS = {
  ...Object.fromEntries(NAMES.map((name) => [name, LOOKS[name].color])),
  screen: SCREEN,
  card: [43, 49, 58],
  black: [0, 0, 0],
} as Readonly<Record<string, readonly number[]>>;

/** From when on and until when something is expected; a picture takes this long to come, a sound that. */
const PICTURE_SETTLES_MS = 900;
const SOUND_SETTLES_MS = 500;
/** From the start of a recording to its first frames, on a busy machine. */
const START_MS = 1_800;
const LAYER_SETTLES_MS = 2_000;
const BEFORE_THE_NEXT_MS = 150;
const HOLD_MS = 1_800;
const POLLING_MS = 400;
/** Of a camera that draws 20 frames a second, in that time. */
const MIN_FRAMES = 3;
const LAYER_PATIENCE_MS = 10_000;

/** A stretch of the call in which nothing changes. */
interface Phase {
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** In the order of the tiles: whose camera, a card, or the screen, which has the stage. */
  readonly tiles: readonly string[];
  readonly heard: readonly Name[];
  readonly portrait?: Name;
  /** Whether the camera of cat is received in full. */
  readonly isSharp?: boolean | undefined;
}

let server: TestServer;
let browser: TestBrowser;
let proxy: CuttableProxy;
let finished: Finished;
const phases: Phase[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startTestServer({
      env: {
        RECORDING_RESOLUTION: `${CANVAS.width}x${CANVAS.height}`,
        DISK_MIN_FREE: '1MiB',
      },
    }),
    launchBrowser(),
  ]);
  proxy = await CuttableProxy.before(server.url);
  finished = await recordTheCall(await Stage.create(server, browser));
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  proxy?.close();
  await server?.close();
}, TIMEOUT_MS);

async function recordTheCall(stage: Stage): Promise<Finished> {
  const enter = (name: Name, url?: string): Promise<OnStage> =>
    stage.enter({ userId: name, roomId: ROOM, ...LOOKS[name], ...(url && { url }) });
  const ann = await enter('ann', proxy.url);
  const bob = await enter('bob');
  const cat = await enter('cat');
  const room = await RecordedRoom.start(server, { userId: 'ann', roomId: ROOM });

  const three = { tiles: ['ann', 'bob', 'cat'], heard: ['ann', 'bob', 'cat'] } as const;
  await holdSharp(cat, { what: 'three are there', ...three });
  const dan = await enter('dan');
  await flows(dan.page);
  const four = { tiles: NAMES, heard: NAMES };
  await hold({ what: 'a fourth has joined', ...four });
  await bob.performer.evaluate((own) => own.unpublish('camera'));
  await ann.performer.evaluate((own) => own.setMuted(true));
  const mutedAndDark = { tiles: ['ann', 'card', 'cat', 'dan'], heard: ['bob', 'cat', 'dan'] as const };
  await hold({ what: 'one camera is off, and somebody else is muted', ...mutedAndDark });
  await bob.performer.evaluate((own) => own.showCamera());
  await flows(bob.page);
  await ann.performer.evaluate((own) => own.setMuted(false));
  await hold({ what: 'both are back', ...four });
  await cat.performer.evaluate((own, color) => own.share(color), SCREEN);
  await hold({ what: 'a screen is shared', ...four, tiles: ['screen', ...NAMES] });
  await cat.performer.evaluate((own) => own.stopSharing());
  await holdSharp(cat, { what: 'the screen is gone', ...four });
  const reconnecting = ann.performer.evaluate((own) => own.whenConnection('reconnecting'));
  proxy.cut();
  await reconnecting;
  await setLayerActive(cat.page, 1, false);
  await hold({
    what: 'the socket of one is cut, and one sends a smaller layer only',
    ...four,
    isSharp: false,
  });
  proxy.mend();
  await ann.performer.evaluate((own) => own.whenConnection('connected'));
  await setLayerActive(cat.page, 1, true);
  await ann.performer.evaluate((own, size) => own.resize(size), { width: SIZE.height, height: SIZE.width });
  const turned = {
    what: 'the socket is back with a camera that was turned',
    ...four,
    portrait: 'ann',
  } as const;
  await holdSharp(cat, turned);
  await dan.performer.evaluate((own) => own.leave());
  await hold({ what: 'one has left', ...three, portrait: 'ann' });

  await room.stop();
  for (const { performer } of [ann, bob, cat]) {
    expect(await performer.evaluate((own) => own.problems)).toEqual([]);
  }
  return await room.whenFinished();
}

/** The same, with the full camera of somebody: where the browser does not send it all the time, its layers are not looked at. */
async function holdSharp(
  { page }: OnStage,
  phase: Omit<Phase, 'fromMs' | 'toMs' | 'isSharp'>,
): Promise<void> {
  const givesUpAt = Date.now() + LAYER_PATIENCE_MS;
  let isFull = await flowsSteadily(page, LAYER_SETTLES_MS);
  while (!isFull && Date.now() < givesUpAt) isFull = await flowsSteadily(page, LAYER_SETTLES_MS);
  const [staysFull] = await Promise.all([flowsSteadily(page, HOLD_MS), hold({ ...phase, isSharp: true })]);
  if (!isFull || !staysFull) phases.push({ ...phases.pop()!, isSharp: undefined });
}

/** Resolves when the camera is on its way: on a busy machine a browser takes its time to begin. */
async function flows(page: Page): Promise<void> {
  const before = await countLayerFrames(page, 0);
  while ((await countLayerFrames(page, 0)) < before + MIN_FRAMES) await Bun.sleep(POLLING_MS);
}

/** Whether the upper layer is sent all the time for so long; a browser without time stops it now and then. */
async function flowsSteadily(page: Page, forMs: number): Promise<boolean> {
  const endsAt = Date.now() + forMs;
  let before = await countLayerFrames(page, 1);
  while (Date.now() < endsAt) {
    await Bun.sleep(POLLING_MS);
    const frames = await countLayerFrames(page, 1);
    if (frames - before < MIN_FRAMES) return false;
    before = frames;
  }
  return true;
}

/** What is so from now on for a while. */
async function hold(phase: Omit<Phase, 'fromMs' | 'toMs'>): Promise<void> {
  const fromMs = Date.now();
  await Bun.sleep(phase.isSharp === false ? HOLD_MS + LAYER_SETTLES_MS - PICTURE_SETTLES_MS : HOLD_MS);
  phases.push({ ...phase, fromMs, toMs: Date.now() });
}

/** Of what was read, what belongs to the phase once it has settled. */
function within<T extends { readonly at: number }>(
  moments: readonly T[],
  { fromMs, toMs }: Phase,
  settlesMs: number,
): T[] {
  const start = Date.parse(finished.manifest.startedAt);
  const [from, to] = [Math.max(START_MS, fromMs + settlesMs - start), toMs - BEFORE_THE_NEXT_MS - start];
  const inside = moments.filter(({ at }) => at * 1_000 >= from && at * 1_000 <= to);
  expect(inside.length).toBeGreaterThan(2);
  return inside;
}

function boxesOf({ tiles }: Phase) {
  return tiles[0] === 'screen' ? arrangeStage(tiles.length, CANVAS) : arrangeGrid(tiles.length, CANVAS);
}

/** The name of the colour that is nearest. */
function nameOf(color: readonly number[]): string {
  const distance = (other: readonly number[]) =>
    other.reduce((sum, value, index) => sum + (value - (color[index] ?? 0)) ** 2, 0);
  const [nearest] = Object.entries(COLORS).toSorted(([, a], [, b]) => distance(a) - distance(b));
  return nearest && distance(nearest[1]) < 60 ** 2 ? nearest[0] : `rgb(${color})`;
}

test(
  'each is in their tile in every phase, moves, and is as wide as they are',
  async () => {
    const glances = await readGlances(finished.path, CANVAS.width);
    for (const phase of phases) {
      const boxes = boxesOf(phase);
      const seen = within(glances, phase, PICTURE_SETTLES_MS);
      const tilesOf = (glance: Glance) => boxes.map((box) => nameOf(glance.color(box)));
      const edgesOf = (glance: Glance) => boxes.map((box) => nameOf(glance.edge(box)));
      const edges = phase.tiles.map((tile) => (tile === phase.portrait ? 'black' : tile));
      for (const glance of seen) {
        expect([phase.what, glance.at, ...tilesOf(glance)]).toEqual([phase.what, glance.at, ...phase.tiles]);
        expect([phase.what, glance.at, ...edgesOf(glance)]).toEqual([phase.what, glance.at, ...edges]);
      }
      for (const [index, box] of boxes.entries()) {
        const steps = seen.slice(1).filter((glance, step) => glance.movement(box, seen[step]!) > 2).length;
        const isAlive = phase.tiles[index] !== 'card';
        expect([phase.what, phase.tiles[index], steps / seen.length > 0.3]).toEqual([
          phase.what,
          phase.tiles[index],
          isAlive,
        ]);
      }
    }
  },
  TIMEOUT_MS,
);

test(
  'each is heard when they were heard, and not when they were not',
  async () => {
    const sounds = await readTones(
      finished.path,
      NAMES.map((name) => LOOKS[name].tone),
    );
    for (const phase of phases) {
      for (const { at, levels } of within(sounds, phase, SOUND_SETTLES_MS)) {
        const heard = NAMES.filter((_, index) => (levels[index] ?? 0) > 0.03);
        expect([phase.what, at, ...heard]).toEqual([phase.what, at, ...phase.heard]);
      }
    }
  },
  TIMEOUT_MS,
);

test(
  'the recording has the highest layer that flows',
  async () => {
    const layered = phases.filter(({ isSharp }) => isSharp !== undefined);
    expect(new Set(layered.map(({ isSharp }) => isSharp)).size).toBe(2);
    for (const phase of layered) {
      const box = boxesOf(phase)[phase.tiles.indexOf('cat')]!;
      const settlesMs = phase.isSharp ? PICTURE_SETTLES_MS : LAYER_SETTLES_MS;
      const seen = within(await readSharpness(finished.path, box), phase, settlesMs);
      const sharp = seen.filter(({ deviation }) => deviation > 35).length / seen.length;
      expect([phase.what, sharp]).toEqual([phase.what, phase.isSharp ? 1 : 0]);
    }
  },
  TIMEOUT_MS,
);
