/** `bun run docs:signaling`: writes `docs/signaling.md` from the messages of the protocol. */
import { prepareNpmPackages, runScript } from './setup/index.ts';

await runScript(async () => {
  await prepareNpmPackages();
  const { writeSignalingPage } = await import('./signaling-page.ts');
  await writeSignalingPage();
});
