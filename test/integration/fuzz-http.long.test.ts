import { LONG_FUZZ } from '../support/fuzz/budget.ts';
import { fuzzRoutes } from '../support/fuzz/http-suite.ts';
import { describeLong } from '../support/long.ts';

describeLong('the long fuzz of every route', () => fuzzRoutes(LONG_FUZZ));
