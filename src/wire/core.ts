/** Wires what a server of calls is made of, whoever listens for it: database, tokens, calls. */
import { ResumeTokens, Tokens } from '../auth/index.ts';
import { type Config, ensureJwtSecret } from '../config/index.ts';
import { openDatabase } from '../db/index.ts';
import { originCheck, type ReadinessCheck } from '../http/index.ts';
import { UndoStack } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import type { Encodings } from '../protocol/index.ts';
import type { Sockets } from '../signaling/index.ts';
import { wireCalls } from './calls.ts';

export interface CoreDeps {
  readonly config: Config;
  readonly logger: Logger;
  readonly sockets: Sockets;
  readonly encodings: Encodings | undefined;
}

export type Core = Awaited<ReturnType<typeof wireCore>>;

/** Opens the database, migrates it and starts the media workers, or leaves nothing behind. */
export async function wireCore({ config, logger, sockets, encodings }: CoreDeps) {
  const undo = new UndoStack();
  try {
    const jwtSecret = await ensureJwtSecret(config);
    const database = undo.add(
      await openDatabase({ ...config.database, onNotice: (text) => logger.info(text) }),
      (made) => made.close(),
    );
    await database.migrate();
    const tokens = new Tokens(jwtSecret, config.auth.provider && { ...config.auth.provider, logger });
    const resumeTokens = new ResumeTokens(jwtSecret);
    const isAllowedOrigin = originCheck(config.http);
    const calls = undo.add(
      await wireCalls({
        config,
        database,
        tokens,
        resumeTokens,
        jwtSecret,
        isAllowedOrigin,
        sockets,
        encodings,
        logger,
      }),
      (made) => made.close(),
    );
    const readiness: Readonly<Record<string, ReadinessCheck>> = {
      database: () => database.ping(),
      workers: async () => {
        if (!calls.media.isComplete) throw new Error('a media worker is being replaced');
      },
      ...calls.readiness,
    };
    return { database, tokens, isAllowedOrigin, calls, readiness };
  } catch (error) {
    await undo.unwind();
    throw error;
  }
}
