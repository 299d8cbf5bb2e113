/** Every benchmark by its name. */
import type { Benchmark } from './benchmark.ts';
import { compose } from './compose.ts';
import { firstFrame } from './first-frame.ts';
import { forward } from './forward.ts';
import { join } from './join.ts';
import { live } from './live.ts';
import { memory } from './memory.ts';
import { phone } from './phone.ts';
import { record } from './record.ts';
import { relay } from './relay.ts';

export type BenchmarkName =
  | 'forward'
  | 'join'
  | 'memory'
  | 'first-frame'
  | 'compose'
  | 'record'
  | 'relay'
  | 'live'
  | 'phone';

export const BENCHMARKS: Readonly<Record<BenchmarkName, Benchmark>> = {
  forward,
  join,
  memory,
  'first-frame': firstFrame,
  compose,
  record,
  relay,
  live,
  phone,
};
