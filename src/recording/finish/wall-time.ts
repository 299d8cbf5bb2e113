/**
 * One clock for the whole timeline: each entry with its moment of the wall. The server may have been restarted on the way, and
 * the clock of the machine may have been set meanwhile; what was captured later is never before what was captured earlier.
 */
import type { TimelineEntry } from '../capture/index.ts';

export interface Dated {
  readonly entry: TimelineEntry;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
}

/** A server that was away for longer is an accident of the clock: nobody wants to watch it. */
const MAX_DOWNTIME_MS = 3_600_000;

/** In the order of the timeline. The moments that sender reports tell are on the same clock. */
export function toWallTime(entries: readonly TimelineEntry[]): Dated[] {
  const firstAnchor = entries.find(isAnchor);
  let lastMs = firstAnchor?.wallMs ?? 0;
  return splitIntoRuns(entries).flatMap((run) => {
    const [first] = run;
    // Without an anchor nobody knows when it was.
    if (!first || !isAnchor(first)) return [];
    const anchorMs = first.wallMs - first.atMs;
    // A clock that was set back over a restart would lay this run over the one before, one that was set ahead far behind it.
    const earliestMs = lastMs - first.atMs;
    const baseMs = Math.min(Math.max(anchorMs, earliestMs), earliestMs + MAX_DOWNTIME_MS);
    const shiftMs = baseMs - anchorMs;
    const dated = run.map((entry) => ({ entry: moveReport(entry, shiftMs), wallMs: baseMs + entry.atMs }));
    lastMs = dated.reduce((latest, { wallMs }) => Math.max(latest, wallMs), lastMs);
    return dated;
  });
}

/** Each run of the server begins with its anchor. */
function splitIntoRuns(entries: readonly TimelineEntry[]): TimelineEntry[][] {
  const runs: TimelineEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run && entry.type !== 'anchor') run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

function isAnchor(entry: TimelineEntry): entry is Extract<TimelineEntry, { type: 'anchor' }> {
  return entry.type === 'anchor';
}

function moveReport(entry: TimelineEntry, shiftMs: number): TimelineEntry {
  return entry.type === 'sender-report' ? { ...entry, wallMs: entry.wallMs + shiftMs } : entry;
}
