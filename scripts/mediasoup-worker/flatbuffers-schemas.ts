/**
 * Renames the fields of the worker's FlatBuffers schemas from snake_case to lowerCamelCase, as the worker's code
 * calls them. A newer flatc than Debian 12's does this by `--cpp-field-case-style lower`. The wire has no names.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Unions and enums have `name: type` too, but theirs become types and constants, which keep their case. */
const TABLE = /\b(?:table|struct)\s+\w+[^{}]*\{[^}]*\}/g;
/** Comments and attributes are matched to be skipped. */
const FIELD = /\/\/[^\n]*|\([^)]*\)|\b(\w+)(?=\s*:)/g;

export function renameSchemaFields(schema: string): string {
  return schema.replace(TABLE, (table) => {
    const body = table.indexOf('{');
    const fields = table
      .slice(body)
      .replace(FIELD, (text: string, name?: string) => (name ? toLowerCamelCase(name) : text));
    return table.slice(0, body) + fields;
  });
}

function toLowerCamelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Writes a renamed copy of every schema in a folder into another. */
export async function writeRenamedSchemas(fromDir: string, toDir: string): Promise<void> {
  await mkdir(toDir, { recursive: true });
  const names = (await readdir(fromDir)).filter((name) => name.endsWith('.fbs'));
  if (names.length === 0) {
    throw new Error(`${fromDir} has no FlatBuffers schemas: this version of mediasoup keeps them elsewhere.`);
  }
  await Promise.all(
    names.map(async (name) => {
      const schema = await readFile(join(fromDir, name), 'utf8');
      await writeFile(join(toDir, name), renameSchemaFields(schema));
    }),
  );
}
