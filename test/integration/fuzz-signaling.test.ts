import { SHORT_FUZZ } from '../support/fuzz/budget.ts';
import { fuzzSignaling } from '../support/fuzz/signaling-suite.ts';

fuzzSignaling(SHORT_FUZZ);
