/** The structured log: JSON for machines, one readable line in a terminal, and never a secret. */
import pino, { type DestinationStream, type Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';
import { redact } from '../lib/index.ts';

export type Logger = PinoLogger;

export interface LoggerOptions {
  level: string;
  /** `auto` is readable in a terminal and JSON elsewhere. */
  format: 'auto' | 'json' | 'pretty';
  service: string;
  destination?: DestinationStream;
}

/** Keys whose values never reach a log, at the top or one level down, whatever they look like. */
const SECRET_KEYS = ['token', 'authorization', 'secret', 'password', 'credential', 'jwt'];

export function createLogger(options: LoggerOptions): Logger {
  const isReadable = options.format === 'pretty' || (options.format === 'auto' && process.stdout.isTTY);
  const destination =
    options.destination ?? (isReadable ? pretty({ ignore: 'pid,hostname,service' }) : undefined);
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      // What looks like a secret is taken out of every line as a whole: it may stand in the text of any error.
      hooks: { streamWrite: redact },
      serializers: { err: serializeError },
      formatters: { level: (label) => ({ level: label }) },
    },
    ...(destination ? [destination] : []),
  );
}

/** Drizzle puts the parameters of a failed query into message, stack and fields; they are rows, and rows are private. */
function serializeError(error: Error): Record<string, unknown> {
  const { params: _params, ...rest } = pino.stdSerializers.err(error);
  const withoutParameters = (text: string) => text.replace(/^params: .*$/gm, 'params: [redacted]');
  return { ...rest, message: withoutParameters(rest.message), stack: withoutParameters(rest.stack) };
}

/** Awaits a promise that nobody else awaits: its failure becomes one log line, never an unhandled rejection. */
export function runInBackground(work: Promise<unknown>, what: string, logger: Logger): void {
  work.catch((error: unknown) => logger.error({ err: error }, `${what} failed`));
}
