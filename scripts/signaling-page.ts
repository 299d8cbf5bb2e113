/** `docs/signaling.md`: written from the messages of the protocol, with the limits that a server has unless it is told otherwise. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../src/config/index.ts';
import { describeInWords } from '../src/signaling/index.ts';
import { PROJECT } from './setup/index.ts';

const PATH = join(PROJECT, 'docs/signaling.md');

export async function isSignalingPageStale(): Promise<boolean> {
  const written = await readFile(PATH, 'utf8').catch(() => undefined);
  return written !== render();
}

export async function writeSignalingPage(): Promise<void> {
  await writeFile(PATH, render());
}

function render(): string {
  const { signaling } = loadConfig({ cwd: PROJECT, env: {} });
  return describeInWords(signaling);
}
