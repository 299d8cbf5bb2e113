/** How a tool is started so that it cannot outlive us. */

export interface LeashOptions {
  /** 0 to 19: how much it gives way to others. */
  readonly niceness?: number | undefined;
}

/** `setpriv` has the kernel end it when we die, whatever we die of. */
const LEASH = ['setpriv', '--pdeathsig', 'KILL'];

/** The program to start in the place of this one, and its arguments. It keeps its process id. */
export function leash(
  program: string,
  args: readonly string[],
  { niceness = 0 }: LeashOptions,
): [string, string[]] {
  const nice = niceness > 0 ? ['nice', '-n', String(niceness)] : [];
  const [command = '', ...rest] = [...LEASH, ...nice, program, ...args];
  return [command, rest];
}
