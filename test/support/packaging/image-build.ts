/** Carries a Dockerfile out without Docker: every stage in a folder, its very RUN lines in there. Needs root. */
import { mkdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { type Instruction, readEnv, type Stage } from './dockerfile.ts';
import { runAsMaker } from './rootfs.ts';

/** What .dockerignore takes out of the folders that it lets through. */
const LEFT_OUT = ['*.test.ts', '*.log'];

export interface BuiltStage {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
}

export interface BuildOptions {
  readonly stages: readonly Stage[];
  /** The project's folder. */
  readonly context: string;
  /** The root file systems of the images that stages begin with, by their names. */
  readonly images: Readonly<Record<string, string>>;
  /** Where the stages are made. */
  readonly folder: string;
  readonly report: (line: string) => void;
}

/** Returns the last stage. Rejects with the line that failed. */
export async function buildImage({
  stages,
  context,
  images,
  folder,
  report,
}: BuildOptions): Promise<BuiltStage> {
  const built = new Map<string, BuiltStage>();
  let last: BuiltStage | undefined;
  for (const stage of stages) {
    const parent = built.get(stage.from);
    const root = join(folder, stage.name || 'image');
    const from = parent?.root ?? images[stage.from];
    if (from === undefined) throw new Error(`there is no image ${stage.from}`);
    await run('cp', ['--archive', '--reflink=auto', from, root]);
    let state: BuiltStage = { env: {}, workdir: '/', user: '0:0', ...parent, root };
    for (const instruction of stage.instructions) {
      report(`${stage.name || 'image'}: ${instruction.name} ${instruction.rest.slice(0, 100)}`);
      state = await carryOut(instruction, { state, context, built });
    }
    built.set(stage.name, state);
    last = state;
  }
  if (!last) throw new Error('the Dockerfile has no stage');
  return last;
}

interface Surroundings {
  readonly state: BuiltStage;
  readonly context: string;
  readonly built: ReadonlyMap<string, BuiltStage>;
}

async function carryOut(instruction: Instruction, surroundings: Surroundings): Promise<BuiltStage> {
  const { state } = surroundings;
  const { name, rest } = instruction;
  if (name === 'RUN') await runAsMaker(state.root, rest, state);
  if (name === 'COPY') await copy(instruction, surroundings);
  if (name === 'ENV') return { ...state, env: { ...state.env, ...readEnv(rest) } };
  if (name === 'USER') return { ...state, user: rest };
  if (name === 'WORKDIR') {
    await mkdir(join(state.root, rest), { recursive: true });
    return { ...state, workdir: rest };
  }
  return state;
}

async function copy({ flags, rest }: Instruction, { state, context, built }: Surroundings): Promise<void> {
  const words = rest.split(/\s+/);
  const sources = words.slice(0, -1);
  const target = join(state.root, resolve(state.workdir, words.at(-1) ?? ''));
  const from = flags.from === undefined ? undefined : built.get(flags.from);
  if (flags.from !== undefined && !from)
    throw new Error(`COPY from a stage that is not there: ${flags.from}`);
  for (const source of sources) {
    const outside = from ? join(from.root, source) : join(context, source);
    if (!from && isAbsolute(source)) throw new Error(`COPY of a path outside of the project: ${source}`);
    const isIntoFolder = /(\/|^\.)$/.test(words.at(-1) ?? '');
    await copyPath(outside, isIntoFolder ? join(target, source) : target);
  }
}

/** A folder is copied as what is in it, as COPY does. */
async function copyPath(source: string, target: string): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true });
  const exclude = LEFT_OUT.map((pattern) => `--exclude=${pattern}`);
  const isFolder = await run('test', ['-d', source]).then(
    () => true,
    () => false,
  );
  if (!isFolder) return await run('cp', ['--dereference', '--preserve=mode', source, target]);
  await mkdir(target, { recursive: true });
  await run('sh', [
    '-c',
    `tar -C "$1" ${exclude.join(' ')} -cf - . | tar -C "$2" --no-same-owner -xf -`,
    'copy',
    source,
    target,
  ]);
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = Bun.spawn([program, ...args], { stdout: 'ignore', stderr: 'pipe' });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`${program} ${args.join(' ')}: ${said}`);
}
