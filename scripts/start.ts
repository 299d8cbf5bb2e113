/** `bun run start`: makes everything ready that the server needs, then becomes the server. */
import { join } from 'node:path';
import {
  endWithNpx,
  FFMPEG,
  PROJECT,
  prepareMediaWorker,
  prepareNpmPackages,
  prepareSystemPackages,
  runScript,
} from './setup/index.ts';

await runScript(async () => {
  await prepareNpmPackages();
  // A mistake in the configuration is told now, not after a build of minutes.
  const { loadConfig } = await import('../src/config/index.ts');
  const { webrtc } = loadConfig();
  if (webrtc.workerBin !== undefined) process.env.MEDIASOUP_WORKER_BIN = webrtc.workerBin;
  await prepareSystemPackages([FFMPEG]);
  const workerBin = await prepareMediaWorker();
  endWithNpx();
  becomeServer({ ...process.env, MEDIASOUP_WORKER_BIN: workerBin });
});

/** Replaces this process, so that signals, the terminal and the exit code are the server's own. Does not return. */
function becomeServer(environment: NodeJS.ProcessEnv): void {
  if (process.execve === undefined) throw new Error('this system cannot replace a process (execve)');
  const args = [process.execPath, join(PROJECT, 'src/index.ts'), ...process.argv.slice(2)];
  process.execve(process.execPath, args, environment);
}
