/** Segments to one MP4 that plays from its first byte on: nothing is encoded again that need not be. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { probeStreams } from '../../ffmpeg/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { Journal } from '../segments/journal.ts';
import { readBoxes } from '../segments/segment-type.ts';
import { conform, type RemuxedPart } from './conform.ts';
import { divideIntoParts, type Part } from './parts.ts';
import { type JoinedFile, readResult, writeResult } from './result.ts';
import { Workshop } from './workshop.ts';

export interface JoinOptions {
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** 0 to 1. */
  readonly onProgress: (progress: number) => void;
  readonly logger: Logger;
}

const FOLDER = 'joined';
const FINAL = 'recording.mp4';
const STREAMS = ['-map', '0:v:0?', '-map', '0:a:0?', '-c', 'copy', '-ignore_unknown'];
const FASTSTART = ['-movflags', '+faststart', '-f', 'mp4'];

/**
 * The file and what is known of it; one that was made before is taken as it is. Rejects with `invalid_state` when none of the
 * segments can be read, and as `runToEnd` does.
 */
export async function joinSegments(options: JoinOptions): Promise<JoinedFile> {
  const { journal, signal, onProgress, logger } = options;
  const output = join(journal.folder, FOLDER);
  const made = await readResult(output);
  if (made) return made;
  await rm(output, { recursive: true, force: true });
  await mkdir(output);
  const expected = Math.max(1, journal.total.duration);
  const workshop = new Workshop({
    folder: journal.folder,
    output,
    signal,
    onProgress: (seconds) => onProgress(Math.min(1, seconds / expected)),
  });
  const parts = divideIntoParts(journal.lines.filter((line) => line.type !== 'leftover'));
  const [only, ...others] = parts;
  logger.info(`Concatenating ${journal.segments.length} segments...`);
  const isDone = only && others.length === 0 && (await remux(only, FINAL, workshop, logger));
  if (!isDone) await joinParts(parts, workshop, logger);
  return check(output, workshop);
}

async function joinParts(parts: readonly Part[], workshop: Workshop, logger: Logger): Promise<void> {
  const remuxed: RemuxedPart[] = [];
  for (const [index, part] of parts.entries()) {
    const file = `part-${index}.mp4`;
    if (!(await remux(part, file, workshop, logger))) continue;
    remuxed.push({ file, ...(await probeStreams(file, workshop.run)) });
  }
  if (remuxed.length === 0) throw new AppError('invalid_state', 'None of the segments could be read.');
  const files = await conform(remuxed, workshop);
  await writeFile(workshop.pathOf('parts.txt'), files.map((file) => `file '${file}'\n`).join(''));
  const whitelists = ['-protocol_whitelist', 'file', '-format_whitelist', 'concat,mov'];
  await workshop.make(['-f', 'concat', ...whitelists, '-i', 'parts.txt', ...STREAMS, ...FASTSTART, FINAL]);
}

/** False when nothing of it can be read. What spoils the rest is left out. */
async function remux(part: Part, file: string, workshop: Workshop, logger: Logger): Promise<boolean> {
  const args = [...STREAMS, ...FASTSTART, file];
  try {
    await workshop.read(part, args);
    return true;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  const files: string[] = [];
  for (const one of part.files) {
    const isGood = await succeeds(
      workshop.read({ ...part, files: [one] }, ['-map', '0', '-c', 'copy', '-f', 'null', '-']),
    );
    if (isGood) files.push(one);
    else logger.warn({ file: one }, 'a segment cannot be read, and is left out');
  }
  if (files.length === 0 || files.length === part.files.length) return false;
  return succeeds(workshop.read({ ...part, files }, args));
}

async function succeeds(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isUnreadable(error)) return false;
    throw error;
  }
}

/** Ffmpeg did not like what it was given; everything else is a matter of this machine. */
function isUnreadable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'internal';
}

async function check(output: string, workshop: Workshop): Promise<JoinedFile> {
  const path = join(output, FINAL);
  const boxes = await readBoxes(path);
  const { streams, durationSeconds } = await probeStreams(FINAL, workshop.run);
  if (!boxes.includes('moov') || boxes.indexOf('moov') > boxes.indexOf('mdat') || streams.length === 0) {
    throw new AppError('internal', 'The file that was made is not as it should be.', 'server');
  }
  return writeResult(output, { path, durationSeconds, tracks: streams.length });
}
