/** Four people in one recording: each is at the right place of the picture at the right time. */
import { afterEach, expect, test } from 'bun:test';
import { createLogger } from '../../src/observability/index.ts';
import { finishRecording } from '../../src/recording/finish/index.ts';
import type { RecordingPlan } from '../../src/recording/plan.ts';
import { isLike, type Rgb, readPicture } from '../support/media/read-picture.ts';
import { RecordingFolder } from '../support/media/recording-folder.ts';

const TIMEOUT_MS = 60_000;
const RED: Rgb = [254, 0, 0];
const GREEN: Rgb = [0, 128, 0];
const BLUE: Rgb = [0, 0, 254];
const YELLOW: Rgb = [255, 255, 0];
const MAGENTA: Rgb = [254, 0, 254];
const BLACK: Rgb = [0, 0, 0];
/** A card with a name, and what is behind everything. */
const CARD: Rgb = [43, 49, 58];
const BACKGROUND: Rgb = [20, 23, 28];
/** What people may call themselves: the syntax of filters, of their expansions, of files; other scripts; nothing to see. */
const HOSTILE = "O'Hara: 100% [x];,\\ %{pts} $PATH `id` \u202e\n\u0000שלום 🙂";

let folder: RecordingFolder;

afterEach(() => folder.remove());

/** Ann is there all the time, Bob's camera is off for a while and he shares a screen, Cat comes late, Eve comes and goes. */
async function record(plan: Partial<RecordingPlan>): Promise<void> {
  folder = await RecordingFolder.create(plan);
  folder.joined(0, 'ann', HOSTILE);
  folder.joined(0, 'bob', ' \u202e ');
  const ann = folder.published(0, 'ann', 'camera');
  const bob = folder.published(0, 'bob', 'camera');
  folder.joined(2_000, 'cat', 'Cat '.repeat(80));
  const cat = folder.published(2_000, 'cat', 'camera');
  folder.joined(4_000, 'eve');
  const eve = folder.published(4_000, 'eve', 'camera');
  folder.left(8_000, 'eve');
  const screen = folder.published(9_000, 'bob', 'screen');
  await folder.segment({ trackId: ann, fromMs: 0, seconds: 12, color: 'red' });
  await folder.segment({ trackId: bob, fromMs: 0, seconds: 5, color: 'green' });
  // He comes back on a phone that is held upright.
  await folder.segment({ trackId: bob, fromMs: 7_000, seconds: 5, color: 'green', size: '180x320' });
  await folder.segment({ trackId: cat, fromMs: 2_000, seconds: 10, color: 'blue' });
  await folder.segment({ trackId: eve, fromMs: 4_000, seconds: 4, color: 'yellow' });
  await folder.segment({ trackId: screen, fromMs: 9_000, seconds: 2, color: 'magenta', size: '640x360' });
  for (const [atMs, userId] of [
    [0, 'ann'],
    [3_000, 'cat'],
    [10_000, null],
  ] as const) {
    folder.note(atMs, { type: 'active-speaker', userId });
  }
  await folder.close(12_000);
}

async function finish() {
  const { files } = await finishRecording(folder.path, {
    signal: new AbortController().signal,
    onProgress: () => {},
    logger: createLogger({ level: 'warn', format: 'json', service: 'kaa-test' }),
  });
  return files;
}

/** Each moment in seconds, with colours by place. */
type Expected = readonly [number, readonly (readonly [x: number, y: number, colour: Rgb])[]];

async function expectPictures(path: string, expected: readonly Expected[]): Promise<void> {
  const wrong: string[] = [];
  for (const [atSeconds, places] of expected) {
    const picture = await readPicture(path, atSeconds);
    for (const [x, y, colour] of places) {
      const seen = picture.at(x, y);
      if (!isLike(seen, colour)) wrong.push(`${atSeconds} s, ${x}:${y}: ${seen} and not ${colour}`);
    }
  }
  expect(wrong).toEqual([]);
}

test(
  'a grid re-flows as people come and go, shows a card for a camera that is off, and gives a screen the stage',
  async () => {
    await record({ layout: 'grid' });
    const [recording] = await finish();
    const quarter = { first: [160, 60], second: [480, 60], third: [160, 240], fourth: [480, 240] } as const;
    await expectPictures(recording!.path, [
      // Two side by side.
      [
        1,
        [
          [160, 180, RED],
          [480, 180, GREEN],
          [320, 30, BACKGROUND],
        ],
      ],
      // A third one below them.
      [
        2.2,
        [
          [...quarter.first, RED],
          [...quarter.second, GREEN],
          [320, 240, BLUE],
          [40, 300, BACKGROUND],
        ],
      ],
      [
        4.5,
        [
          [...quarter.first, RED],
          [...quarter.second, GREEN],
          [...quarter.third, BLUE],
          [...quarter.fourth, YELLOW],
        ],
      ],
      [
        5.5,
        [
          [...quarter.first, RED],
          [...quarter.second, CARD],
          [...quarter.third, BLUE],
          [...quarter.fourth, YELLOW],
        ],
      ],
      // Upright, with black on both sides.
      [
        7.5,
        [
          [...quarter.second, GREEN],
          [340, 60, BLACK],
          [620, 60, BLACK],
          [...quarter.fourth, YELLOW],
        ],
      ],
      [
        8.5,
        [
          [...quarter.first, RED],
          [...quarter.second, GREEN],
          [320, 240, BLUE],
          [40, 300, BACKGROUND],
        ],
      ],
      [
        10,
        [
          [240, 180, MAGENTA],
          [560, 80, RED],
          [560, 180, GREEN],
          [560, 260, BLUE],
          [240, 20, BACKGROUND],
        ],
      ],
      [
        11.5,
        [
          [...quarter.first, RED],
          [...quarter.second, GREEN],
          [320, 240, BLUE],
        ],
      ],
    ]);
  },
  TIMEOUT_MS,
);

test(
  'who goes on speaking has the stage, in WebM too',
  async () => {
    const video = { codec: 'vp8', bitrate: 1_000_000, width: 640, height: 360, framerate: 15 } as const;
    await record({ layout: 'speaker', format: 'webm', video, audio: { codec: 'opus', bitrate: 64_000 } });
    const [recording] = await finish();
    expect([recording?.name, recording?.type]).toEqual(['recording.webm', 'video/webm']);
    await expectPictures(recording!.path, [
      [
        2.5,
        [
          [240, 180, RED],
          [560, 120, GREEN],
          [560, 220, BLUE],
        ],
      ],
      [
        6,
        [
          [240, 180, BLUE],
          [560, 60, RED],
          [560, 180, CARD],
          [560, 280, YELLOW],
        ],
      ],
      [
        10,
        [
          [240, 180, MAGENTA],
          [560, 60, BLUE],
          [560, 180, RED],
        ],
      ],
      [
        11.5,
        [
          [240, 180, BLUE],
          [560, 120, RED],
          [560, 220, GREEN],
        ],
      ],
    ]);
  },
  TIMEOUT_MS,
);
