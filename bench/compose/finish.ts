/** The process that finishes the recording in the folder of its first argument. */
import { createLogger } from '../../src/observability/index.ts';
import { finishRecording } from '../../src/recording/index.ts';

await finishRecording(process.argv[2] ?? '', {
  signal: new AbortController().signal,
  onProgress: () => {},
  logger: createLogger({ level: 'error', format: 'json', service: 'kaa-bench' }),
});
