import { loseWorkers } from './lost-workers-suite.ts';

loseWorkers(2);
