import { SHORT_FUZZ } from '../support/fuzz/budget.ts';
import { fuzzRoutes } from '../support/fuzz/http-suite.ts';

fuzzRoutes(SHORT_FUZZ);
