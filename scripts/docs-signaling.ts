/** `bun run docs:signaling`: writes `docs/signaling.md` from the messages of the protocol. */
import { join } from 'node:path';
import { PROJECT, prepareNpmPackages, runScript } from './setup/index.ts';

await runScript(async () => {
  await prepareNpmPackages();
  const { describeInWords } = await import('../src/signaling/index.ts');
  const { loadConfig } = await import('../src/config/index.ts');
  const { signaling } = loadConfig({ cwd: PROJECT, env: {} });
  await Bun.write(join(PROJECT, 'docs/signaling.md'), describeInWords(signaling));
});
