/** Runs one benchmark for a person at a terminal: progress to stderr, the table to stdout, everything into a file. */
import { formatElapsed } from '../scripts/setup/index.ts';
import type { Benchmark } from './benchmark.ts';
import { describeMachine, type Machine } from './measure/machine.ts';
import { writeResult } from './report/result-file.ts';
import { formatNumber, formatTable } from './report/table.ts';

export async function runBenchmark(
  name: string,
  benchmark: Benchmark,
  { isSmoke }: { readonly isSmoke: boolean },
): Promise<void> {
  const obstacle = await benchmark.findObstacle();
  if (obstacle !== undefined) {
    console.log(`\n${name}: skipped, ${obstacle}`);
    return;
  }
  const machine = describeMachine();
  const startedAt = new Date();
  const begun = performance.now();
  console.log(`\n${name}${isSmoke ? ' (smoke: the numbers mean nothing)' : ''}: ${describe(machine)}\n`);
  const report = (line: string) => console.error(`  … ${line}`);
  const result = await benchmark.run({ isSmoke, report });
  console.log(formatTable(result.rows));
  console.log(`\n${formatCounts(result.counts)}`);
  for (const [key, values] of Object.entries(result.series ?? {})) {
    console.log(`${key}: ${values.map(formatNumber).join(' ')}`);
  }
  const path = await writeResult({ name, startedAt, isSmoke, machine, result });
  console.log(`${formatElapsed(performance.now() - begun)}, kept in ${path}`);
}

function describe({ cpu, cores, memoryGiB, kernel, bun, mediasoup, loadAverage }: Machine): string {
  return `${cores} × ${cpu}, ${memoryGiB} GiB, Linux ${kernel}, Bun ${bun}, mediasoup ${mediasoup}, load ${loadAverage.join(' ')}`;
}

function formatCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
