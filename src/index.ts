/** The server as a process: configuration, start, signals, exit code. */
import { App } from './app.ts';
import { ConfigError, loadConfig } from './config/index.ts';
import { AppError } from './lib/index.ts';
import { createLogger, type Logger } from './observability/index.ts';

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ ...config.log, service: config.serviceName });
  logStrayRejections(logger);
  const app = await App.create({ config, logger });
  stopOnSignals(app, config.drainTimeoutMs, logger);
  const url = await app.listen();
  const grpc = { host: config.grpc.host, port: app.uploads.grpc.port, tls: config.grpc.tls !== undefined };
  const { database, webrtc } = config;
  logger.info({ url, grpc, database: database.kind, workers: webrtc.workers }, `Kaa is at ${url}`);
}

/** One Ctrl-C can come twice at once: from the terminal, and passed on by npx. */
const SAME_SIGNAL_MS = 500;

/** The first SIGTERM or SIGINT drains, within the time limit; a second one ends at once. */
function stopOnSignals(app: App, drainTimeoutMs: number, logger: Logger): void {
  let firstAt: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    firstAt = performance.now();
    logger.info({ signal }, 'stopping');
    const overdue = setTimeout(() => {
      logger.error('the server did not stop in time');
      process.exit(1);
    }, drainTimeoutMs);
    app.drain().then(
      () => {
        clearTimeout(overdue);
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  // The terminal, or the npx that started us, is gone: no reason to hurry a drain that has begun.
  process.on('SIGHUP', (signal) => {
    if (firstAt === undefined) stop(signal);
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Of promises of a library that nobody can await, such as those of a database that is gone: no reason to end anybody's call. */
function logStrayRejections(logger: Logger): void {
  process.on('unhandledRejection', (error) =>
    logger.error({ err: error }, 'something failed of which nobody was told'),
  );
}

/** What the operator can mend is said in words; everything else with its stack. */
function explain(error: unknown): void {
  if (error instanceof ConfigError || error instanceof AppError) console.error(error.message);
  else console.error(error);
  process.exit(1);
}

main().catch(explain);
