import { LONG_FUZZ } from '../support/fuzz/budget.ts';
import { fuzzSignaling } from '../support/fuzz/signaling-suite.ts';
import { describeLong } from '../support/long.ts';

describeLong('the long fuzz of the signalling socket', () => fuzzSignaling(LONG_FUZZ));
