export { type DatabaseOptions, openDatabase } from './client.ts';
export { violatedConstraint } from './constraint-violation.ts';
export type { Database, Orm, RawResult } from './database.ts';
export { toUnavailable } from './passing-failure.ts';
export * from './schema/index.ts';
export type { SslMode } from './server/index.ts';
