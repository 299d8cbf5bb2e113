import { expect, test } from 'bun:test';
import { Glob } from 'bun';

const SOURCE = new URL('..', import.meta.url).pathname;
/** In quotes it is a name that the bundler replaces in the page, and reads nothing. */
const READS_ENVIRONMENT =
  /(?<!['"])process\s*\.\s*env\b|Bun\s*\.\s*env\b|import\.meta\.env\b|\{[^}]*\benv\b[^}]*\}\s*=\s*(process|Bun)\b|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'(node:process|bun)'/;

test('no file of src outside of config reads the environment', async () => {
  const offenders: string[] = [];
  for await (const file of new Glob('**/*.{ts,tsx}').scan(SOURCE)) {
    if (file.startsWith('config/')) continue;
    if (READS_ENVIRONMENT.test(await Bun.file(`${SOURCE}/${file}`).text())) offenders.push(file);
  }
  expect(offenders).toEqual([]);
});

test.each([
  'process.env.X',
  'Bun.env',
  'import.meta.env.X',
  'const { env } = process;',
  "import { env } from 'node:process';",
])('the search finds %s', (text) => {
  expect(READS_ENVIRONMENT.test(text)).toBe(true);
});
