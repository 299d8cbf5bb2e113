/** `bun run docs:config`: writes `.env.example` and `docs/configuration.md` from the settings. */
import { prepareNpmPackages, runScript } from './setup/index.ts';

await runScript(async () => {
  await prepareNpmPackages();
  const { writeDocuments } = await import('./config-docs/index.ts');
  await writeDocuments();
});
