/** `compose`: how long a grid of four takes to be made of what was captured, in Kaa and by ffmpeg with the same passes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UndoStack } from '../src/lib/index.ts';
import { readDuration } from '../test/support/media/read-media.ts';
import { RecordingFolder } from '../test/support/media/recording-folder.ts';
import { type Benchmark, type BenchmarkOptions, comparison, type Result, reading } from './benchmark.ts';
import { writeByHand } from './compose/commands.ts';
import { interleave, type Side } from './measure/interleave.ts';

interface Scale {
  readonly seconds: number;
  readonly rounds: number;
}

const FULL: Scale = { seconds: 60, rounds: 5 };
const SMOKE: Scale = { seconds: 1, rounds: 1 };

/** SPEC 12 wants 0.8 of the seconds that ffmpeg alone makes: so many times its time. */
const TARGET = 1 / 0.8;
const NAMES = ['Ann', 'Bob', 'Cat', 'Dan'];
const PLAN = {
  video: { codec: 'h264', bitrate: 2_000_000, width: 1_280, height: 720, framerate: 30 },
  audio: { codec: 'aac', bitrate: 128_000 },
} as const;

interface Sources {
  readonly folder: string;
  readonly video: string;
  readonly audio: string;
}

/** Of one grid. */
interface Measured {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** How long what came out is. */
  readonly madeSeconds: number;
}

export const compose: Benchmark = {
  needsBrowser: false,
  findObstacle: async () => undefined,
  run: async (options) => {
    const undo = new UndoStack();
    try {
      const scale = options.isSmoke ? SMOKE : FULL;
      const folder = undo.add(await mkdtemp(join(tmpdir(), 'kaa-bench-')), (made) =>
        rm(made, { recursive: true }),
      );
      const sources = await makeSources(folder, scale.seconds);
      return await compare(sources, scale, options);
    } finally {
      await undo.unwind();
    }
  },
};

async function compare(
  sources: Sources,
  { seconds, rounds: count }: Scale,
  { report }: BenchmarkOptions,
): Promise<Result> {
  const rounds = await interleave(count, async (side) => {
    const measured = await (side === 'kaa' ? finishByKaa(sources, seconds) : makeByHand(sources));
    report(
      `${side}: ${seconds} s in ${measured.wallSeconds.toFixed(1)} s, ${measured.cpuSeconds.toFixed(1)} s of processors`,
    );
    return measured;
  });
  const pick = (key: keyof Measured) =>
    rounds.map(({ kaa, bare }) => ({ kaa: kaa[key] / seconds, bare: bare[key] / seconds }));
  const speed = (side: Side) => rounds.map((round) => seconds / round[side].wallSeconds);
  const made = (side: Side) => Math.min(...rounds.map((round) => round[side].madeSeconds));
  return {
    rows: [
      comparison({ name: 'time for a second of the grid', unit: 's', atMost: TARGET }, pick('wallSeconds')),
      comparison(
        { name: 'processor time for a second of the grid', unit: 's', atMost: TARGET },
        pick('cpuSeconds'),
      ),
      reading({ name: 'seconds of the grid in a second', unit: '' }, speed('kaa')),
    ],
    counts: { seconds, people: NAMES.length, secondsMadeKaa: made('kaa'), secondsMadeBare: made('bare') },
  };
}

/** A picture that moves all over and has the noise of a camera. */
async function makeSources(folder: string, seconds: number): Promise<Sources> {
  const [video, audio] = [join(folder, 'video.mkv'), join(folder, 'audio.mkv')];
  const picture = `testsrc2=s=1280x720:r=30:d=${seconds},noise=alls=6:allf=t`;
  const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1500k', '-g', '300'];
  await run(folder, ['-f', 'lavfi', '-i', picture, ...vp8, video]);
  await run(folder, [
    '-f',
    'lavfi',
    '-i',
    `anoisesrc=a=0.1:d=${seconds}:r=48000`,
    '-c:a',
    'libopus',
    '-b:a',
    '48k',
    audio,
  ]);
  return { folder, video, audio };
}

async function finishByKaa({ video, audio }: Sources, seconds: number): Promise<Measured> {
  const folder = await RecordingFolder.create(PLAN);
  try {
    for (const name of NAMES) {
      folder.joined(0, name);
      await folder.segment({ trackId: folder.published(0, name, 'camera'), fromMs: 0, seconds, file: video });
      await folder.segment({
        trackId: folder.published(0, name, 'microphone'),
        fromMs: 0,
        seconds,
        file: audio,
      });
    }
    await folder.close(seconds * 1_000);
    const script = join(import.meta.dir, 'compose/finish.ts');
    const used = await time([process.execPath, script, folder.path], folder.path);
    return { ...used, madeSeconds: await readDuration(join(folder.path, 'output/recording.mp4')) };
  } finally {
    await folder.remove();
  }
}

async function makeByHand({ folder, video, audio }: Sources): Promise<Measured> {
  const output = join(folder, 'by-hand.mp4');
  const [videos, audios] = [NAMES.map(() => video), NAMES.map(() => audio)];
  const commands = writeByHand({ videos, audios, names: NAMES, output });
  const script = join(import.meta.dir, 'compose/by-hand.ts');
  const used = await time([process.execPath, script, JSON.stringify(commands)], folder);
  return { ...used, madeSeconds: await readDuration(output) };
}

/** Of a process and of all that it has started. */
async function time(command: readonly string[], cwd: string): Promise<Omit<Measured, 'madeSeconds'>> {
  const startedAt = performance.now();
  const child = Bun.spawn([...command], { cwd, stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' });
  if ((await child.exited) !== 0) throw new Error(`${command.slice(0, 2).join(' ')} failed`);
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  return { wallSeconds, cpuSeconds: Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1e6 };
}

async function run(cwd: string, args: readonly string[]): Promise<void> {
  await time(['ffmpeg', '-v', 'error', '-y', ...args], cwd);
}
