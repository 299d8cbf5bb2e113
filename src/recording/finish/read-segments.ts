/** Looks into every segment of a recording: what can be read of it, and when that was. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { probeContents, type Stretch } from '../../ffmpeg/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { Progress } from './progress.ts';
import { inParallel } from './steps/in-parallel.ts';
import { SOURCE, TOOLS_AT_ONCE, type Workshop } from './steps/workshop.ts';
import type { Dated } from './wall-time.ts';

export interface ReadOptions {
  readonly workshop: Workshop;
  readonly logger: Logger;
  readonly progress: Progress;
}

/** A silence or a still picture that is longer is a gap. */
const MAX_GAP_SECONDS = { audio: 30, video: 5 } as const;

/** By name; those in which there is nothing are left out. */
export async function readSegments(
  entries: readonly Dated[],
  { workshop, logger, progress }: ReadOptions,
): Promise<Map<string, readonly Stretch[]>> {
  const opened = entries.flatMap(({ entry }) => (entry.type === 'segment-opened' ? [entry] : []));
  const meter = progress.begin('remuxing', opened.length);
  const options = { count: TOOLS_AT_ONCE, signal: workshop.run.signal };
  const read = await inParallel(opened, options, async ({ segment, mimeType }, signal) => {
    const report = meter.task(1);
    const kind = mimeType.toLowerCase().startsWith('audio/') ? 'audio' : 'video';
    const stretches = await readSegment(segment, { kind, workshop: workshop.with(signal), logger });
    report(1);
    return [segment, stretches] as const;
  });
  return new Map(read.filter(([, stretches]) => stretches.length > 0));
}

async function readSegment(
  segment: string,
  options: { readonly kind: 'audio' | 'video'; readonly workshop: Workshop; readonly logger: Logger },
): Promise<readonly Stretch[]> {
  const { kind, workshop, logger } = options;
  const { size } = await stat(join(workshop.folder, SOURCE, segment)).catch(() => ({ size: 0 }));
  if (size === 0) return [];
  try {
    const path = `file:${SOURCE}/${segment}`;
    const contents = await probeContents({
      ...workshop.run,
      path,
      kind,
      maxGapSeconds: MAX_GAP_SECONDS[kind],
    });
    return contents.stretches;
  } catch (error) {
    // The machine may be well again later; a file that cannot be read stays as it is.
    if (!(error instanceof AppError) || error.code !== 'internal') throw error;
    const [why] = error.message.split('\n');
    logger.warn({ why, segment, bytes: size }, 'a segment cannot be read');
    return [];
  }
}
