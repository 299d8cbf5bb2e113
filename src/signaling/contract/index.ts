export { contractRoutes } from './contract.routes.ts';
export { describeInWords } from './markdown.ts';
