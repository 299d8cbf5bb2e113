/** Wires video calls: the media server, the calls that live on it, the service with its rows, and the signalling. */
import type { ResumeTokens, Tokens } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { type Database, toUnavailable } from '../db/index.ts';
import { CallRegistry } from '../engine/index.ts';
import type { OriginCheck } from '../http/index.ts';
import { UndoStack } from '../lib/index.ts';
import { iceServersFor, MediaServer } from '../media/index.ts';
import type { Logger } from '../observability/index.ts';
import type { Encodings } from '../protocol/index.ts';
import {
  contractRoutes,
  Memberships,
  SignalingHub,
  type Sockets,
  signalingSocket,
} from '../signaling/index.ts';
import {
  Attendance,
  attendanceRoutes,
  CallPasses,
  CallRecordings,
  CallRepository,
  callRecordingsRoutes,
  JournalRepository,
  JournalWriter,
  LiveStatsReader,
  Moderation,
  moderationRoutes,
  passesRoutes,
  VideoCallsService,
  videoCallsRoutes,
} from '../video-calls/index.ts';

import { wireRecordings } from './recordings.ts';

/** What clients are asked to send when nobody says otherwise; they may send less. */
const ENCODINGS: Encodings = {
  audio: { codec: 'opus', bitrate: 128_000 },
  video: {
    codec: 'vp8',
    bitrate: { min: 500_000, max: 2_000_000 },
    framerate: 30,
    resolution: { width: 1280, height: 720 },
  },
};

export interface CallsDeps {
  readonly config: Config;
  readonly database: Database;
  readonly tokens: Tokens;
  readonly resumeTokens: ResumeTokens;
  readonly jwtSecret: string;
  readonly isAllowedOrigin: OriginCheck;
  readonly sockets: Sockets;
  /** What clients are asked to send; they may send less. */
  readonly encodings: Encodings | undefined;
  readonly logger: Logger;
}

export type Calls = Awaited<ReturnType<typeof wireCalls>>;

export async function wireCalls(deps: CallsDeps) {
  const { config, database, tokens, resumeTokens, isAllowedOrigin, sockets, logger } = deps;
  const startedAtMs = performance.now();
  const undo = new UndoStack();
  try {
    const media = undo.add(await MediaServer.create(poolOptions(config), logger), (made) => made.close());
    const registry = new CallRegistry(media);
    const repository = new CallRepository(database.orm);
    const writer = new JournalWriter(new JournalRepository(database.orm), logger);
    const service = new VideoCallsService(
      { repository, writer, registry, logger },
      {
        ...config.calls,
        defaultAccess: config.environment === 'production' ? 'invited' : 'open',
      },
    );
    await service.recover();
    const recorded = undo.add(
      await wireRecordings({
        config,
        database,
        jwtSecret: deps.jwtSecret,
        tokens,
        registry,
        service,
        logger,
      }),
      (made) => made.close(),
    );
    const { recordings, library } = recorded;
    const serversFor = (userId: string) => iceServersFor(userId, config.webrtc);
    const passes = new CallPasses({ calls: service, tokens, iceServersFor: serversFor });
    const attendance = new Attendance({
      finder: service.finder,
      repository,
      presentTotals: (callId) => service.presentTotals(callId),
    });
    const hub = new SignalingHub({
      services: {
        calls: service.doors,
        tokens,
        resumeTokens,
        memberships: new Memberships(),
        isRecovering: () => performance.now() - startedAtMs < config.calls.reconnectGraceMs,
        iceServersFor: serversFor,
        encodings: deps.encodings ?? ENCODINGS,
        recorder: recordings,
      },
      limits: { ...config.signaling, reconnectGraceMs: config.calls.reconnectGraceMs },
      explain: toUnavailable,
      logger,
    });
    const stats = new LiveStatsReader(service.finder);
    return {
      media,
      registry,
      service,
      iceServersFor: serversFor,
      hub,
      stats,
      recordings,
      library,
      live: recorded.live,
      recordingRepository: recorded.repository,
      readiness: recorded.readiness,
      routes: [
        videoCallsRoutes({ service, tokens }),
        attendanceRoutes({ attendance, stats, tokens }),
        moderationRoutes({ moderation: new Moderation(service.finder), tokens }),
        passesRoutes({ passes, tokens, baseUrl: config.http.publicBaseUrl }),
        callRecordingsRoutes({
          recordings: new CallRecordings({ finder: service.finder, recorder: recordings, library }),
          tokens,
        }),
        ...recorded.routes,
      ] as const,
      contract: contractRoutes({ limits: config.signaling, baseUrl: config.http.publicBaseUrl }),
      socket: signalingSocket({ hub, sockets, tokens, isAllowedOrigin }),
      /** Closes sockets, ends segments, then calls, then writes down what happened, then ends the workers. */
      async close(): Promise<void> {
        sockets.close();
        hub.close();
        await recorded.stopCapturing();
        await registry.close('server-stopped');
        await service.close();
        await recorded.close();
        await media.close();
      },
    };
  } catch (error) {
    await undo.unwind();
    throw error;
  }
}

function poolOptions({ webrtc }: Config) {
  return {
    size: webrtc.workers,
    port: webrtc.port,
    listenIp: webrtc.listenIp,
    announcedAddress: webrtc.announcedAddress,
    workerBin: webrtc.workerBin,
    workerCapacity: webrtc.workerCapacity,
    timeoutMs: webrtc.workerTimeoutMs,
  };
}
