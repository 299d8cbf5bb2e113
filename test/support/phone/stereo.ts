/** A recording of a phone call as its two ends: how loud a tone is in each ear, window by window. */
import { levelAt } from './level.ts';

const SAMPLE_RATE = 8_000;
const WINDOW_SECONDS = 0.02;
const WINDOW = SAMPLE_RATE * WINDOW_SECONDS;

export class StereoSound {
  readonly seconds: number;
  readonly #left: Int16Array;
  readonly #right: Int16Array;

  /** Rejects when it has not two channels, or cannot be decoded. */
  static async read(path: string): Promise<StereoSound> {
    const entries = ['-show_entries', 'stream=codec_type,channels', '-of', 'csv=p=0'];
    const streams = await output(['ffprobe', '-v', 'error', ...entries, path]);
    if (streams.toString().trim() !== 'audio,2') throw new Error(`no stereo sound alone: ${streams}`);
    const bytes = await output([
      ...['ffmpeg', '-v', 'error', '-i', path, '-ar', String(SAMPLE_RATE), '-ac', '2'],
      ...['-f', 's16le', '-'],
    ]);
    return new StereoSound(new Int16Array(new Uint8Array(bytes).buffer));
  }

  private constructor(samples: Int16Array) {
    const channel = (index: number) => samples.filter((_, position) => position % 2 === index);
    this.#left = channel(0);
    this.#right = channel(1);
    this.seconds = this.#left.length / SAMPLE_RATE;
  }

  /** The most of 20 ms, of 32767. */
  loudest(ear: 'left' | 'right', frequency: number): number {
    return Math.max(0, ...this.#levels(ear, frequency));
  }

  /** In which second the tone begins; undefined when it never does. */
  onset(ear: 'left' | 'right', frequency: number, level: number): number | undefined {
    const window = this.#levels(ear, frequency).findIndex((heard) => heard > level);
    return window < 0 ? undefined : window * WINDOW_SECONDS;
  }

  #levels(ear: 'left' | 'right', frequency: number): number[] {
    const samples = ear === 'left' ? this.#left : this.#right;
    return Array.from({ length: Math.floor(samples.length / WINDOW) }, (_, index) =>
      levelAt(samples.subarray(index * WINDOW, (index + 1) * WINDOW), frequency),
    );
  }
}

async function output(command: string[]): Promise<Buffer> {
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'inherit' });
  const bytes = Buffer.from(await new Response(child.stdout).arrayBuffer());
  if ((await child.exited) !== 0) throw new Error(`${command[0]} failed`);
  return bytes;
}
