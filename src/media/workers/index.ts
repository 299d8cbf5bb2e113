export { LoadMeter, type WorkerLoad } from './load-meter.ts';
export { place } from './placement.ts';
export { WorkerPool, type WorkerPoolEvents, type WorkerPoolOptions } from './pool.ts';
export type { MediaWorker } from './worker.ts';
