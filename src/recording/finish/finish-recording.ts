/** From the folder of a recording alone to its finished files. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../lib/index.ts';
import { makeFiles } from './make-files.ts';
import { describeRecording, readResult, writeManifest } from './manifest.ts';
import { normalise } from './normalise.ts';
import { Progress } from './progress.ts';
import { readSegments } from './read-segments.ts';
import type { FinishOptions, FinishResult } from './result.ts';
import { readSources, type Sources } from './sources.ts';
import { OutputFolder } from './steps/output-folder.ts';
import { Workshop } from './steps/workshop.ts';
import { tellStory } from './story.ts';

/**
 * Can be killed anywhere and called again; a second call after the end gives the same files. One call at a time for a folder.
 * Rejects with `invalid_state` when nothing was captured, with the reason of the signal when that was aborted (every ffmpeg is
 * gone by then), else with `unavailable` or `internal` and what ffmpeg complained of.
 */
export async function finishRecording(folder: string, options: FinishOptions): Promise<FinishResult> {
  const { signal } = options;
  signal.throwIfAborted();
  const sources = await readSources(folder);
  const output = new OutputFolder(join(folder, 'output'));
  const workFolder = join(folder, 'finish');
  const result =
    (await readResult(output, sources.digest)) ?? (await make({ sources, output, workFolder }, options));
  await rm(workFolder, { recursive: true, force: true });
  return result;
}

interface Places {
  readonly sources: Sources;
  readonly output: OutputFolder;
  readonly workFolder: string;
}

async function make({ sources, output, workFolder }: Places, options: FinishOptions): Promise<FinishResult> {
  await output.clear();
  const { niceness, signal } = options;
  const workshop = await Workshop.open(workFolder, { niceness, signal });
  try {
    return await makeIn(workshop, { sources, output }, options);
  } catch (error) {
    // Should something in there be broken, the next attempt makes it again.
    const isBroken = error instanceof AppError && error.code === 'internal';
    if (isBroken) await rm(workFolder, { recursive: true, force: true });
    throw error;
  }
}

async function makeIn(
  workshop: Workshop,
  { sources, output }: Pick<Places, 'sources' | 'output'>,
  { logger, onProgress }: FinishOptions,
): Promise<FinishResult> {
  const { plan, entries, digest } = sources;
  const progress = new Progress(onProgress);
  const contents = await readSegments(entries, { workshop, logger, progress });
  const trimmedTo = plan.layout === 'single' ? { userId: plan.farEnd } : undefined;
  const story = tellStory({ entries, startedAtMs: plan.startedAtMs, contents, trimmedTo });
  const tracks = story.tracks.filter(({ segments }) => segments.length > 0).length;
  if (tracks === 0) throw new AppError('invalid_state', 'nothing was captured', 'server');
  const material = await normalise(story, { plan, workshop, logger, progress });
  const files = await makeFiles(story, { plan, workshop, output, progress, material });
  const report = progress.begin('manifest', 1).task(1);
  const { unreadable } = material;
  const manifest = describeRecording({ source: digest, plan, story, unreadable, files });
  const own = await writeManifest(output, manifest);
  report(1);
  return { files: [...files, own], startedAtMs: story.startedAtMs, durationMs: manifest.durationMs, tracks };
}
