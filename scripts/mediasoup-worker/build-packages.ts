/** The Debian packages that a build of the worker needs, and which of them are missing on this machine. */
import { spawnSync } from 'node:child_process';

interface BuildPackage {
  name: string;
  /** Asks for what the package brings, so that a tool or library of other origin counts too. */
  isPresent: () => boolean;
}

const BUILD_PACKAGES: readonly BuildPackage[] = [
  { name: 'cmake', isPresent: () => hasTool('cmake') },
  { name: 'ninja-build', isPresent: () => hasTool('ninja') || hasTool('ninja-build') },
  { name: 'g++', isPresent: () => hasTool('c++') || hasTool('g++') || hasTool('clang++') },
  { name: 'pkg-config', isPresent: () => hasTool('pkg-config') },
  { name: 'libuv1-dev', isPresent: () => hasLibrary('libuv') },
  { name: 'libssl-dev', isPresent: () => hasLibrary('openssl') },
  { name: 'libsrtp2-dev', isPresent: () => hasLibrary('libsrtp2') },
  { name: 'libflatbuffers-dev', isPresent: () => hasLibrary('flatbuffers') },
  { name: 'flatbuffers-compiler', isPresent: () => hasTool('flatc') },
];

export const BUILD_PACKAGE_NAMES: readonly string[] = BUILD_PACKAGES.map((entry) => entry.name);

function findMissingBuildPackages(): string[] {
  return BUILD_PACKAGES.filter((entry) => !entry.isPresent()).map((entry) => entry.name);
}

interface ProvideOptions {
  report: (line: string) => void;
  installBuildPackages: (packages: readonly string[]) => Promise<void>;
  findMissing?: () => string[];
}

/** Has what is missing installed, if anything is; afterwards everything is there, or it fails and says what is not. */
export async function provideBuildPackages(options: ProvideOptions): Promise<void> {
  const { report, installBuildPackages, findMissing = findMissingBuildPackages } = options;
  const missing = findMissing();
  if (missing.length === 0) {
    return;
  }
  report(`Building the mediasoup worker needs packages that are not installed: ${missing.join(', ')}`);
  await installBuildPackages(missing);
  const stillMissing = findMissing();
  if (stillMissing.length > 0) {
    throw new Error(describeMissingPackages(stillMissing));
  }
}

function describeMissingPackages(packages: readonly string[]): string {
  return (
    `The mediasoup worker cannot be built here without ${packages.join(', ')}. On Debian or Ubuntu, as root: ` +
    `apt-get install --yes --no-install-recommends ${packages.join(' ')}`
  );
}

/** For callers that may not install anything: says what to install. */
export async function packagesMustBeInstalledByHand(packages: readonly string[]): Promise<void> {
  throw new Error(describeMissingPackages(packages));
}

function hasTool(name: string): boolean {
  return Bun.which(name) !== null;
}

function hasLibrary(name: string): boolean {
  return hasTool('pkg-config') && spawnSync('pkg-config', ['--exists', name]).status === 0;
}
