/** What Kaa uses of the operating system: as Debian calls it, as others may find it, and whether it is there. */
import { existsSync } from 'node:fs';
import { Glob } from 'bun';

export interface SystemPackage {
  /** As Debian calls it. */
  readonly name: string;
  /** For systems without Debian's packages. */
  readonly program: string;
  isPresent(): boolean;
}

export const FFMPEG: SystemPackage = {
  name: 'ffmpeg',
  program: 'ffmpeg',
  isPresent: () => hasProgram('ffmpeg') && hasProgram('ffprobe'),
};

export const CHROMIUM: SystemPackage = {
  name: 'chromium',
  program: 'chromium',
  isPresent: () => hasProgram('chromium'),
};

export const POSTGRESQL: SystemPackage = {
  name: 'postgresql',
  program: 'the server programs of PostgreSQL 15 or newer, in /usr/lib/postgresql/<version>/bin',
  isPresent: () =>
    existsSync('/usr/lib/postgresql') &&
    !new Glob('*/bin/postgres').scanSync('/usr/lib/postgresql').next().done,
};

export const UTIL_LINUX: SystemPackage = {
  name: 'util-linux',
  program: 'setpriv',
  isPresent: () => hasProgram('setpriv'),
};

function hasProgram(name: string): boolean {
  return Bun.which(name) !== null;
}
