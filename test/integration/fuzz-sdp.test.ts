import { SHORT_FUZZ } from '../support/fuzz/budget.ts';
import { fuzzSdp } from '../support/fuzz/sdp-suite.ts';

fuzzSdp(SHORT_FUZZ);
