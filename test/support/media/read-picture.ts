/** Single pictures of a video, for those who want to know what colour is where. */

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Picture {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): Rgb;
}

/** What is shown so many seconds after the beginning. */
export async function readPicture(path: string, atSeconds: number): Promise<Picture> {
  const size = await run('ffprobe', [
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=width,height',
    '-of',
    'csv=p=0',
    path,
  ]);
  const [width = 0, height = 0] = new TextDecoder().decode(size).split(',').map(Number);
  const output = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const pixels = await run('ffmpeg', ['-ss', String(atSeconds), '-i', path, ...output]);
  if (pixels.length !== width * height * 3) throw new Error(`no picture at ${atSeconds} s of ${path}`);
  return {
    width,
    height,
    at: (x, y) => {
      const index = (Math.floor(y) * width + Math.floor(x)) * 3;
      return [pixels[index]!, pixels[index + 1]!, pixels[index + 2]!];
    },
  };
}

/** Near enough for a picture that was encoded twice. */
export function isLike(seen: Rgb, wanted: Rgb): boolean {
  return seen.every((value, index) => Math.abs(value - wanted[index]!) < 40);
}

async function run(program: string, args: readonly string[]): Promise<Uint8Array> {
  const child = Bun.spawn([program, '-v', 'error', ...args], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const [bytes, code] = await Promise.all([new Response(child.stdout).bytes(), child.exited]);
  if (code !== 0) throw new Error(`${program} failed on ${args.join(' ')}`);
  return bytes;
}
