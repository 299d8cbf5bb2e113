/** A Dockerfile as its instructions tell it, stage by stage. Knows what ours uses, and rejects the rest. */

export interface Instruction {
  /** In capitals: `RUN`. */
  readonly name: string;
  readonly flags: Readonly<Record<string, string>>;
  /** As written, with lines joined. */
  readonly rest: string;
}

export interface Stage {
  /** Empty for the last one. */
  readonly name: string;
  /** An image, or the name of an earlier stage. */
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

const KNOWN = [
  'RUN',
  'COPY',
  'ENV',
  'WORKDIR',
  'USER',
  'VOLUME',
  'EXPOSE',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'ENTRYPOINT',
];

export function readDockerfile(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const args: Record<string, string> = {};
  const stages: { name: string; from: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/s.exec(line) ?? [];
    if (name === 'ARG') {
      const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(rest) ?? [];
      args[key] = value;
    } else if (name === 'FROM') {
      const [, image = '', as = ''] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      const from = image.replace(/\$\{(\w+)\}/g, (_, key: string) => args[key] ?? '');
      stages.push({ name: as, from, instructions: [] });
    } else if (KNOWN.includes(name)) {
      stages.at(-1)?.instructions.push({ name, ...splitFlags(rest) });
    } else {
      throw new Error(`the Dockerfile has an instruction that is not known here: ${line}`);
    }
  }
  return stages;
}

function splitFlags(text: string): Pick<Instruction, 'flags' | 'rest'> {
  const flags: Record<string, string> = {};
  let rest = text;
  for (let match = /^--([a-z-]+)=(\S+)\s+/.exec(rest); match; match = /^--([a-z-]+)=(\S+)\s+/.exec(rest)) {
    flags[match[1] ?? ''] = match[2] ?? '';
    rest = rest.slice(match[0].length);
  }
  return { flags, rest: rest.trim() };
}

/** What `ENV` sets, of one instruction: `A=b C=d`. */
export function readEnv(rest: string): Record<string, string> {
  return Object.fromEntries(
    [...rest.matchAll(/(\w+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** The last stage's value of an instruction that is a JSON array: `ENTRYPOINT`, or the `CMD` of `HEALTHCHECK`. */
export function readCommand(stages: readonly Stage[], name: string): string[] {
  const found = stages.at(-1)?.instructions.find((instruction) => instruction.name === name);
  return JSON.parse(found?.rest.replace(/^CMD\s+/, '') ?? '[]');
}
