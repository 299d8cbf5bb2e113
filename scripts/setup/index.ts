export { endWithNpx } from './npx-guard.ts';
export { CHROMIUM, FFMPEG, POSTGRESQL, UTIL_LINUX } from './packages.ts';
export { PROJECT, prepareMediaWorker, prepareNpmPackages, prepareSystemPackages } from './prepare.ts';
export { formatElapsed, runScript, SetupError } from './steps.ts';
