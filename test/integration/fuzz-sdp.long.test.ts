import { LONG_FUZZ } from '../support/fuzz/budget.ts';
import { fuzzSdp } from '../support/fuzz/sdp-suite.ts';
import { describeLong } from '../support/long.ts';

describeLong('the long fuzz of session descriptions', () => fuzzSdp(LONG_FUZZ));
