/** `bun run check`: every check that needs no running server, side by side; tells each one's result and time. */
import { join } from 'node:path';
import { formatElapsed, PROJECT, prepareNpmPackages, runScript } from './setup/index.ts';
import { runCommand } from './setup/run-command.ts';

interface Check {
  readonly title: string;
  /** Returns what there is to complain about: empty when all is well. */
  readonly run: () => Promise<string>;
}

const CHECKS: readonly Check[] = [
  tool('format and lint', 'node_modules/@biomejs/biome/bin/biome', [
    'ci',
    '--colors=off',
    '--error-on-warnings',
    '.',
  ]),
  tool('types', 'node_modules/typescript/bin/tsc', ['--noEmit']),
  tool('imports', 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', [
    'src',
    'scripts',
    'test',
    'bench',
  ]),
  tool('unused code', 'node_modules/knip/bin/knip.js', []),
  { title: 'documents of the configuration', run: checkDocuments },
  { title: 'document of the signalling socket', run: checkSignalingPage },
];

await runScript(async () => {
  await prepareNpmPackages();
  const results = await Promise.all(CHECKS.map(perform));
  if (results.includes(false)) process.exitCode = 1;
});

async function perform({ title, run }: Check): Promise<boolean> {
  const startedAt = performance.now();
  const complaint = await run().catch((error: unknown) => String(error));
  const isFine = complaint === '';
  console.log(`${isFine ? '✓' : '✗'} ${title} (${formatElapsed(performance.now() - startedAt)})`);
  if (!isFine) console.log(`${complaint}\n`);
  return isFine;
}

/** A tool of `node_modules`, run by this Bun: neither Node nor a global installation is needed. */
function tool(title: string, path: string, args: readonly string[]): Check {
  return {
    title,
    run: async () => {
      const result = await runCommand(process.execPath, ['--bun', join(PROJECT, path), ...args], PROJECT);
      return result.isSuccess ? '' : result.output.trim() || 'failed without a word';
    },
  };
}

async function checkDocuments(): Promise<string> {
  const { findStaleDocuments } = await import('./config-docs/index.ts');
  const stale = await findStaleDocuments();
  return stale.length === 0 ? '' : `${stale.join(' and ')} must be written anew: bun run docs:config`;
}

async function checkSignalingPage(): Promise<string> {
  const { isSignalingPageStale } = await import('./signaling-page.ts');
  return (await isSignalingPageStale())
    ? 'docs/signaling.md must be written anew: bun run docs:signaling'
    : '';
}
