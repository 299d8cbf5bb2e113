export { type Attempt, Jobs, type JobsOptions, type Queue, type QueueOptions } from './jobs.ts';
