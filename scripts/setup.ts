/**
 * `bun run setup`: makes everything ready that the server needs, and starts nothing: for a machine that gets ready while it may
 * still install, and for an image. Prints the path of the media worker on stdout.
 */
import {
  FFMPEG,
  prepareMediaWorker,
  prepareNpmPackages,
  prepareSystemPackages,
  runScript,
} from './setup/index.ts';

await runScript(async () => {
  await prepareNpmPackages();
  await prepareSystemPackages([FFMPEG]);
  console.log(await prepareMediaWorker());
});
