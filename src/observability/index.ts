export { createLogger, type Logger, runInBackground } from './logger.ts';
