/** A media worker dies under clients without a library, twice. */
import { loseWorkersUnderSdp } from './sdp-lost-workers-suite.ts';

loseWorkersUnderSdp({ runs: 2 });
