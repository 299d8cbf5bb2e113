export { WorkerPool, type WorkerPoolOptions } from './pool.ts';
export type { MediaWorker } from './worker.ts';
