/** A media worker dies under clients without a library, ten times, and each time media is back within 3 s (SPEC 2.5). */
import { describeLong } from '../support/long.ts';
import { loseWorkersUnderSdp } from './sdp-lost-workers-suite.ts';

describeLong('ten losses of a media worker under clients without a library', () =>
  loseWorkersUnderSdp({ runs: 10, limitMs: 3_000 }),
);
