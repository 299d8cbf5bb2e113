/** The Dockerfile: what can be said of it without building it. `dockerfile.long.test.ts` runs its steps. */
import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Glob } from 'bun';
import { loadConfig, settingGroups } from '../../../src/config/index.ts';
import {
  type Instruction,
  readCommand,
  readDockerfile,
  readEnv,
} from '../../support/packaging/dockerfile.ts';

/** A path that is put together from where a file is, or an import that climbs. */
const READ_BESIDE = /(?:import\.meta\.dir,\s*|from\s+)'((?:\.\.\/)+[^']*)'/g;
/** What only tools of development read. */
const DEVELOPMENT = ['test', 'bench', 'docs', 'node_modules'];

const PROJECT = join(import.meta.dir, '../../..');
const stages = readDockerfile(await readFile(join(PROJECT, 'Dockerfile'), 'utf8'));
const last: readonly Instruction[] = stages.at(-1)?.instructions ?? [];
const wordsOf = (name: string) => last.find((instruction) => instruction.name === name)?.rest;

test('what it copies of the project is there, and is let through by .dockerignore', async () => {
  const ignore = (await readFile(join(PROJECT, '.dockerignore'), 'utf8')).split('\n');
  const copied = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ name, flags }) => name === 'COPY' && flags.from === undefined)
    .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1));
  expect(copied.length).toBeGreaterThan(6);
  expect(copied.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  expect(copied.filter((path) => !ignore.includes(`!${path}`))).toEqual([]);
  // Everything else stays outside: the history, the data, files with secrets.
  expect(ignore).toContain('*');
});

test('stages are made of Debian and of each other', () => {
  const names = stages.map(({ name }) => name).filter((name) => name !== '');
  const images = stages.map(({ from }) => from).filter((from) => !names.includes(from));
  expect([...new Set(images)]).toEqual(['debian:12-slim']);
  const sources = stages.flatMap(({ instructions }) => instructions.flatMap(({ flags }) => flags.from ?? []));
  expect(sources.filter((source) => !names.includes(source))).toEqual([]);
});

test('what runs is nobody in particular, in production, on a volume', () => {
  expect(wordsOf('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  const env = environmentOfLast();
  expect(env).toMatchObject({ NODE_ENV: 'production', DATA_DIR: wordsOf('VOLUME') ?? '' });
  const known = new Set<string>(settingGroups.flatMap(({ settings }) => Object.keys(settings)));
  expect(Object.keys(env).filter((name) => name !== 'HOME' && !known.has(name))).toEqual([]);
});

test('what the server and its scripts read beside themselves is in it', async () => {
  const copied = last
    .filter(({ name, flags }) => name === 'COPY' && flags.from === undefined)
    .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1));
  const outside: string[] = [];
  for (const folder of ['src', 'scripts'])
    for (const file of new Glob('**/*.ts').scanSync(join(PROJECT, folder))) {
      if (file.endsWith('.test.ts') || file.startsWith('test-runner/')) continue;
      const path = join(PROJECT, folder, file);
      for (const [, relative = ''] of (await readFile(path, 'utf8')).matchAll(READ_BESIDE)) {
        const [top = ''] = join(dirname(path), relative)
          .slice(PROJECT.length + 1)
          .split('/');
        if (top !== '' && existsSync(join(PROJECT, top))) outside.push(top);
      }
    }
  expect(outside).toContain('proto');
  expect([...new Set(outside)].filter((top) => !copied.includes(top) && !DEVELOPMENT.includes(top))).toEqual(
    [],
  );
});

test('the ports that it names are those of the settings', () => {
  const { http, webrtc, grpc } = loadConfig({ env: {}, cwd: '/tmp' });
  expect(wordsOf('EXPOSE')).toContain(`${http.port}/tcp`);
  for (const protocol of ['udp', 'tcp'])
    expect(wordsOf('EXPOSE')).toMatch(new RegExp(`${webrtc.port}-\\d+/${protocol}`));
  expect(wordsOf('EXPOSE')).toContain(`${grpc.port}/tcp`);
});

test('it starts and asks for files that it copies', () => {
  for (const name of ['ENTRYPOINT', 'HEALTHCHECK']) {
    const [program, script = ''] = readCommand(stages, name);
    expect(program).toBe('bun');
    expect(existsSync(join(PROJECT, script))).toBe(true);
  }
});

test('its Bun is the one of the tests', async () => {
  const { devDependencies } = await Bun.file(join(PROJECT, 'package.json')).json();
  expect(await readFile(join(PROJECT, 'Dockerfile'), 'utf8')).toContain(
    `bun@${devDependencies['bun-types']}`,
  );
});

function environmentOfLast(): Record<string, string> {
  return Object.assign({}, ...last.filter(({ name }) => name === 'ENV').map(({ rest }) => readEnv(rest)));
}
