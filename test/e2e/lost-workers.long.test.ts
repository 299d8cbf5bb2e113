import { describeLong } from '../support/long.ts';
import { loseWorkers } from './lost-workers-suite.ts';

describeLong('losing workers under three pages, again and again', () => loseWorkers(10));
