/** What a cached worker is good for: this mediasoup version, this kind of machine, and this recipe of building it. */
import { readdir, readFile } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

export interface WorkerTarget {
  version: string;
  /** The package's own repository page, below which it offers prebuilt workers; null when it names none. */
  repositoryUrl: string | null;
  platform: string;
  arch: string;
  kernelRelease: string;
  cacheKey: string;
}

/** Whatever changes the program that a build makes. A change in one of them makes cached workers obsolete. */
const RECIPE = ['CMakeLists.txt', 'compat', 'flatbuffers-schemas.ts', 'meson-sources.ts'];

const PackageJson = Type.Object({
  version: Type.String({ pattern: '^[0-9A-Za-z.+-]+$' }),
  repository: Type.Optional(Type.Object({ url: Type.String() })),
});

export async function describeTarget(mediasoupDir: string): Promise<WorkerTarget> {
  const { version, repositoryUrl } = await readMediasoupPackage(mediasoupDir);
  const [system, recipe] = await Promise.all([readSystemId(), hashRecipe(import.meta.dirname)]);
  return {
    version,
    repositoryUrl,
    platform: platform(),
    arch: arch(),
    kernelRelease: release(),
    cacheKey: [version, platform(), arch(), system, recipe].join('-'),
  };
}

async function readMediasoupPackage(mediasoupDir: string) {
  const path = join(mediasoupDir, 'package.json');
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read; install the dependencies first (bun install).`, {
      cause: error,
    });
  }
  if (!Value.Check(PackageJson, content)) {
    throw new Error(`${path} does not name a version.`);
  }
  const url = content.repository?.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return { version: content.version, repositoryUrl: url?.startsWith('https://') ? url : null };
}

/** A worker is linked against the distribution's libraries, so Debian 12 and 13 need one each. */
async function readSystemId(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return parseSystemId(text);
}

export function parseSystemId(osRelease: string): string {
  const read = (key: string) => new RegExp(`^${key}="?([\\w.-]+)"?\\s*$`, 'm').exec(osRelease)?.[1];
  return `${read('ID') ?? 'unknown'}${read('VERSION_ID') ?? ''}`;
}

/** A hash over names and contents of the recipe's files, the same wherever the folder is. */
export async function hashRecipe(directory: string): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  for (const path of await listRecipeFiles(directory)) {
    hash.update(`${path}\0`);
    hash.update(await readFile(join(directory, path)));
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, 12);
}

async function listRecipeFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => RECIPE.some((part) => path === part || path.startsWith(`${part}/`)))
    .sort();
}
