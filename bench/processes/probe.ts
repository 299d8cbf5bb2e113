/**
 * Loaded into the real server before its own first line: answers the benchmark's questions about the process. It changes
 * nothing of the server, and costs nothing while nobody asks.
 */
import { observer } from 'mediasoup';
import type { Worker } from 'mediasoup/types';
import { type Footprint, measureFootprint } from './footprint.ts';
import { serve } from './serve.ts';
import { StreamCounter, type StreamCounts } from './stream-counter.ts';

export type ProbeMethods = {
  workerPids(nothing: null): Promise<number[]>;
  footprint(nothing: null): Promise<Footprint>;
  /** Only with KAA_BENCH_STREAMS. */
  countStreams(nothing: null): Promise<StreamCounts>;
};

// The database's thread loads this file as well.
if (Bun.isMainThread) {
  const workers = new Set<Worker>();
  observer.on('newworker', (worker: Worker) => {
    workers.add(worker);
    worker.observer.on('close', () => workers.delete(worker));
  });
  const streams = process.env.KAA_BENCH_STREAMS ? new StreamCounter() : undefined;
  const methods: ProbeMethods = {
    workerPids: async () => [...workers].map(({ pid }) => pid),
    footprint: measureFootprint,
    countStreams: async () => {
      if (!streams) throw new Error('streams are not counted: set KAA_BENCH_STREAMS');
      return await streams.count();
    },
  };
  serve(methods);
}
