import { describe, expect, test } from 'bun:test';
import { installDebianPackages, type Machine } from './debian.ts';
import { SetupError } from './steps.ts';

interface Script {
  root?: readonly string[] | undefined;
  hasApt?: boolean;
  /** Whether the n-th command succeeds. */
  succeeds?: readonly boolean[];
}

function makeMachine({ root, hasApt = true, succeeds = [] }: Script): Machine & { commands: string[] } {
  const commands: string[] = [];
  return {
    commands,
    findRootPrefix: () => Promise.resolve(root),
    hasApt: () => hasApt,
    run: (command, args) => {
      commands.push([command, ...args].join(' '));
      return Promise.resolve({
        isSuccess: succeeds[commands.length - 1] ?? true,
        output: '',
        tail: 'E: no network',
      });
    },
  };
}

const install = (machine: Machine, names = ['ffmpeg', 'chromium']) =>
  installDebianPackages(names, { programs: ['ffmpeg', 'a browser'], report: () => {}, machine });

describe('installing Debian packages', () => {
  test('does nothing when nothing is missing', async () => {
    const machine = makeMachine({});
    await install(machine, []);
    expect(machine.commands).toEqual([]);
  });

  test('asks no questions, and takes no recommendations along', async () => {
    const machine = makeMachine({ root: [] });
    await install(machine);
    expect(machine.commands).toHaveLength(1);
    expect(machine.commands[0]).toMatch(
      /^env DEBIAN_FRONTEND=noninteractive apt-get --yes .*install --no-install-recommends ffmpeg chromium$/,
    );
  });

  test('reads the lists of packages first where that is why it failed', async () => {
    const machine = makeMachine({ root: ['sudo', '-n'], succeeds: [false, true, true] });
    await install(machine);
    expect(machine.commands.map((command) => /apt-get .*(install|update)/.exec(command)?.[1])).toEqual([
      'install',
      'update',
      'install',
    ]);
    expect(machine.commands.every((command) => command.startsWith('sudo -n env '))).toBe(true);
  });

  test('says what to install when this user may not', () => {
    expect(install(makeMachine({ root: undefined }))).rejects.toThrow(
      new SetupError(
        'Kaa needs the Debian package(s) ffmpeg chromium. Install: sudo apt-get install ffmpeg chromium',
      ),
    );
  });

  test('says so too when it tried in vain, with the reason', () => {
    const machine = makeMachine({ root: [], succeeds: [false, false, false] });
    expect(install(machine)).rejects.toThrow(
      /Install: sudo apt-get install ffmpeg chromium\n.*\nE: no network/,
    );
  });

  test('names the programs where there is no apt', () => {
    expect(install(makeMachine({ hasApt: false }))).rejects.toThrow('Kaa needs: ffmpeg, a browser.');
  });
});
