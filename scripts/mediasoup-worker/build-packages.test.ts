import { describe, expect, test } from 'bun:test';
import { packagesMustBeInstalledByHand, provideBuildPackages } from './build-packages.ts';

/** A machine on which `installing` works, or does not. */
function makeMachine(missing: string[], isInstallable = true) {
  const installed: string[] = [];
  return {
    installed,
    report: () => undefined,
    installBuildPackages: async (packages: readonly string[]) => {
      installed.push(...packages);
    },
    findMissing: () => missing.filter((name) => !(isInstallable && installed.includes(name))),
  };
}

describe('providing the build packages', () => {
  test('installs nothing when nothing is missing', async () => {
    const machine = makeMachine([]);
    await provideBuildPackages(machine);
    expect(machine.installed).toEqual([]);
  });

  test('installs what is missing', async () => {
    const machine = makeMachine(['cmake', 'libuv1-dev']);
    await provideBuildPackages(machine);
    expect(machine.installed).toEqual(['cmake', 'libuv1-dev']);
  });

  test('fails with the command to use when something is still missing', async () => {
    await expect(provideBuildPackages(makeMachine(['libuv1-dev'], false))).rejects.toThrow(
      /apt-get install .*libuv1-dev/,
    );
  });

  test('fails with the command to use when nothing may be installed', async () => {
    const machine = { ...makeMachine(['g++']), installBuildPackages: packagesMustBeInstalledByHand };
    await expect(provideBuildPackages(machine)).rejects.toThrow(/apt-get install .*g\+\+/);
  });
});
