/** The Dockerfile: what can be said of it without building it. `dockerfile.long.test.ts` runs its steps. */
import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, settingGroups } from '../../../src/config/index.ts';
import {
  type Instruction,
  readCommand,
  readDockerfile,
  readEnv,
} from '../../support/packaging/dockerfile.ts';

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

test('the ports that it names are those of the settings', () => {
  const { http, webrtc } = loadConfig({ env: {}, cwd: '/tmp' });
  expect(wordsOf('EXPOSE')).toContain(`${http.port}/tcp`);
  for (const protocol of ['udp', 'tcp'])
    expect(wordsOf('EXPOSE')).toMatch(new RegExp(`${webrtc.port}-\\d+/${protocol}`));
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
