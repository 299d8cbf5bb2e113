/**
 * Finishes the recording in the folder of its first argument, as a process of its own, which kills itself when it has something to
 * tell of the phase in its second argument for the second time: in the midst of it.
 */
import { createLogger } from '../../../src/observability/index.ts';
import { type FinishPhase, finishRecording } from '../../../src/recording/finish/index.ts';

const [folder = '', lastPhase] = process.argv.slice(2);
let told = 0;

await finishRecording(folder, {
  signal: new AbortController().signal,
  onProgress: (phase: FinishPhase) => {
    if (phase === lastPhase) told += 1;
    if (told === 2) process.kill(process.pid, 'SIGKILL');
  },
  logger: createLogger({ level: 'fatal', format: 'json', service: 'kaa-test' }),
});
