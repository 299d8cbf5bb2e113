/** Wires uploads: their sessions, their routes, and gRPC. */
import { toUnavailable } from '../db/index.ts';
import type { Call, CallRegistry } from '../engine/index.ts';
import { GrpcServer, UploadRepository, Uploads, uploadRoutes } from '../ingest/index.ts';
import type { ServerParts } from './feature.ts';

/** An upload ends its room itself. */
const FOR_EVER_MS = 2_147_483_647;

export async function wireUploads({
  config,
  database,
  tokens,
  calls,
  logger,
}: Pick<ServerParts, 'config' | 'database' | 'tokens' | 'calls' | 'logger'>) {
  const { maxSessions, maxDurationMs, lostMs } = config.ingest.uploads;
  const uploads = await Uploads.create({
    openRoom: (id) => openRoom(calls.registry, id),
    recorder: calls.recordings,
    repository: new UploadRepository(database.orm),
    maxSessions,
    maxDurationMs,
    lostMs,
    logger,
  });
  const grpc = new GrpcServer(config.grpc, { uploads, tokens, explain: toUnavailable, logger });
  return {
    uploads,
    grpc,
    routes: [uploadRoutes({ uploads, tokens })] as const,
    announceDraining: () => grpc.announceDraining(),
    /** To be called while the calls still live. */
    async close(): Promise<void> {
      await grpc.close();
      uploads.close();
    },
  };
}

/** Nobody else can come in: what it is called is no id of a call. */
function openRoom(registry: CallRegistry, sessionId: string): Promise<Call> {
  return registry.open(`upload:${sessionId}`, async () => ({
    callId: sessionId,
    maxParticipants: 1,
    emptyTimeoutMs: FOR_EVER_MS,
    maxDurationMs: FOR_EVER_MS,
    startedAt: new Date(),
    onOpened: () => {},
  }));
}
