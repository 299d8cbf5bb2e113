export { endWithNpx } from './npx-guard.ts';
export { AIORTC, CHROMIUM, FFMPEG, FIREFOX, GRPCIO, GSTREAMER, POSTGRESQL, UTIL_LINUX } from './packages.ts';
export {
  PROJECT,
  prepareMediaWorker,
  prepareNpmPackages,
  prepareOptionalPackages,
  prepareSystemPackages,
} from './prepare.ts';
export { formatElapsed, runScript, SetupError } from './steps.ts';
