/** Installs Debian packages when this user may, and says what to install when not. */
import { accessSync, constants } from 'node:fs';
import { runCommand } from './run-command.ts';
import { SetupError } from './steps.ts';

const APT_OPTIONS = ['--yes', '--quiet', '-o', 'DPkg::Lock::Timeout=300'];

/** What touches the machine; tests replace it. */
export interface Machine {
  /** What to put before a command so that it runs as root; `undefined` when this user may not. */
  findRootPrefix(): Promise<readonly string[] | undefined>;
  hasApt(): boolean;
  run: typeof runCommand;
}

const thisMachine: Machine = {
  findRootPrefix: findRootPrefixHere,
  hasApt: () => Bun.which('apt-get') !== null,
  run: runCommand,
};

/** Rejects with a `SetupError` that a person can act on. `programs` is said where there are no Debian packages. */
export async function installDebianPackages(
  names: readonly string[],
  options: { programs?: readonly string[]; report: (line: string) => void; machine?: Machine },
): Promise<void> {
  const { programs = names, report, machine = thisMachine } = options;
  if (names.length === 0) return;
  if (!machine.hasApt()) throw new SetupError(adviceElsewhere(programs));
  const prefix = await machine.findRootPrefix();
  if (prefix === undefined) throw new SetupError(adviceOnDebian(names));

  const apt = (...args: string[]) => {
    const [command = '', ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...APT_OPTIONS,
      ...args,
    ];
    return machine.run(command, rest);
  };
  report(`installing ${names.join(' ')} with apt-get`);
  const first = await apt('install', '--no-install-recommends', ...names);
  if (first.isSuccess) return;
  // The lists of packages are missing in a fresh container and may be outdated elsewhere.
  report('reading the lists of packages anew');
  const update = await apt('update');
  const second = await apt('install', '--no-install-recommends', ...names);
  if (second.isSuccess) return;
  const output = update.isSuccess ? second.tail : `${update.tail}\n${second.tail}`;
  throw new SetupError(`${adviceOnDebian(names)}\nDoing that failed here:\n${output}`);
}

function adviceOnDebian(names: readonly string[]): string {
  return `Kaa needs the Debian package(s) ${names.join(' ')}. Install: sudo apt-get install ${names.join(' ')}`;
}

function adviceElsewhere(programs: readonly string[]): string {
  return `Kaa needs: ${programs.join(', ')}. Install what has it with the package manager of this system.`;
}

async function findRootPrefixHere(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return isWritable('/var/lib/dpkg') ? [] : undefined;
  if (Bun.which('sudo') === null) return undefined;
  return (await runCommand('sudo', ['-n', 'true'])).isSuccess ? ['sudo', '-n'] : undefined;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
