/** Refuses a Bun that is too old. Older ones close file descriptors twice when a child has five of them, as media workers do. */
import { SetupError } from './steps.ts';

const MINIMUM = '1.4.0';

export function requireBunVersion(version = Bun.version): void {
  if (Bun.semver.order(version.replace(/-.*$/, ''), MINIMUM) >= 0) return;
  throw new SetupError(
    `Kaa needs Bun ${MINIMUM} or newer; this is ${version}.\n` +
      'Without changing it: npx --yes bun@1.4.5 run start. To upgrade it: bun upgrade.',
  );
}
