/** How far an ffmpeg is that was told to say so on its standard output. */

export const PROGRESS_ARGS = ['-progress', 'pipe:1'] as const;

/** Seconds of output that are written, when the line tells that. */
export function readProgress(line: string): number | undefined {
  const microseconds = /^out_time_us=(-?\d+)$/.exec(line)?.[1];
  return microseconds === undefined ? undefined : Math.max(0, Number(microseconds) / 1e6);
}
