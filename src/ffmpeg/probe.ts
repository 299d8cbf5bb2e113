/** What is in a media file, and when: from its packets, since a file that a kill cut off has no table of contents. */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { AppError } from '../lib/index.ts';
import { type RunOptions, runToEnd } from './run.ts';

/** Seconds, as the file counts them. */
export interface Stretch {
  readonly from: number;
  /** When the last packet begins. */
  readonly to: number;
}

export interface Contents {
  /** As ffmpeg calls it; undefined when there is no stream. */
  readonly codec: string | undefined;
  readonly packets: number;
  /** In order; longer silences than `maxGapSeconds` are between them. */
  readonly stretches: readonly Stretch[];
}

export interface ProbeOptions extends Pick<RunOptions, 'cwd' | 'niceness' | 'signal'> {
  readonly path: string;
  /** The kind of the stream to look at. */
  readonly kind: 'audio' | 'video';
  readonly maxGapSeconds: number;
}

/**
 * Of the first stream of that kind. Rejects as `runToEnd` does; of a file that ends within its head with `internal`, although
 * ffprobe says of it what it says of a broken disk ("Input/output error").
 */
export async function probeContents(options: ProbeOptions): Promise<Contents> {
  try {
    return await readContents(options);
  } catch (error) {
    if (!(error instanceof AppError) || !error.message.endsWith('Input/output error')) throw error;
    await readToEnd(options);
    throw new AppError('internal', 'The file ends within its head.', 'server', { cause: error });
  }
}

async function readContents({ path, kind, maxGapSeconds, ...run }: ProbeOptions): Promise<Contents> {
  let codec: string | undefined;
  let packets = 0;
  const stretches: { from: number; to: number }[] = [];
  const select = ['-select_streams', `${kind[0]}:0`, '-show_entries', 'stream=codec_name:packet=pts_time'];
  await runToEnd({
    ...run,
    program: 'ffprobe',
    args: ['-v', 'error', ...select, '-of', 'csv=p=1', path],
    onLine: (line) => {
      const [section, value = ''] = line.split(',');
      if (section === 'stream') codec = value;
      const at = Number.parseFloat(value);
      if (section !== 'packet' || !Number.isFinite(at)) return;
      packets += 1;
      const last = stretches.at(-1);
      if (last && at - last.to <= maxGapSeconds) last.to = Math.max(last.to, at);
      else stretches.push({ from: at, to: at });
    },
  });
  return { codec, packets, stretches };
}

/** Rejects with `unavailable` when the disk does not give all of it. */
async function readToEnd({ path, cwd, signal }: ProbeOptions): Promise<void> {
  try {
    const file = createReadStream(resolve(cwd, path.replace(/^file:/, '')), { signal });
    await finished(file.resume());
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError('unavailable', 'A file cannot be read.', 'server', { cause });
  }
}
