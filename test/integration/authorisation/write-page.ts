/** `bun run docs:authorisation`: writes `docs/authorisation.md` from the tables. */
import { PAGE, renderPage } from './page.ts';

await Bun.write(PAGE, renderPage());
