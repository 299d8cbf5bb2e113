/** That the file of a recording is made, and which it is: noted beside it, so that a kill while it is stored costs no second making. */
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

const Result = Type.Object({
  path: Type.String(),
  durationSeconds: Type.Number(),
  tracks: Type.Integer(),
  size: Type.Integer(),
  /** Hexadecimal digits. */
  sha256: Type.String(),
});
export type JoinedFile = Static<typeof Result>;

const NAME = 'joined.json';

export async function writeResult(
  folder: string,
  made: Pick<JoinedFile, 'path' | 'durationSeconds' | 'tracks'>,
): Promise<JoinedFile> {
  const hash = new Bun.CryptoHasher('sha256');
  for await (const chunk of Bun.file(made.path).stream()) hash.update(chunk);
  const { size } = await stat(made.path);
  const result = { ...made, size, sha256: hash.digest('hex') };
  await sync(made.path);
  const path = join(folder, NAME);
  const file = await open(`${path}.part`, 'w');
  try {
    await file.writeFile(JSON.stringify(result));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
  return result;
}

/** Undefined when there is none, or its file is not as it was. */
export async function readResult(folder: string): Promise<JoinedFile | undefined> {
  try {
    const result: unknown = JSON.parse(await readFile(join(folder, NAME), 'utf8'));
    if (!Value.Check(Result, result)) return undefined;
    return (await stat(result.path)).size === result.size ? result : undefined;
  } catch {
    return undefined;
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}
