/** Reads the whole configuration once, at the start: the only place that looks at the environment of the process. */
import { availableParallelism } from 'node:os';
import { type GivenSettings, printGiven } from './given.ts';
import { ConfigError, type Problem, Problems } from './problems.ts';
import type { Reader } from './read.ts';
import type { Environment } from './setting.ts';
import { type AuthConfig, readAuth } from './settings/auth.ts';
import { type CallsConfig, readCalls, readSignaling, type SignalingConfig } from './settings/calls.ts';
import { type ConsulConfig, readConsul } from './settings/consul.ts';
import { type DatabaseConfig, readDatabase } from './settings/database.ts';
import { type GrpcConfig, grpcSettings, readGrpc } from './settings/grpc.ts';
import { type HttpConfig, listenerSettings, readHttp } from './settings/http.ts';
import { type IngestConfig, readIngest } from './settings/ingest.ts';
import { type LiveConfig, readLive } from './settings/live.ts';
import { type RecordingConfig, readRecording } from './settings/recording.ts';
import { readEnvironment, readServer, type ServerConfig } from './settings/server.ts';
import { readStorage, type StorageConfig } from './settings/storage.ts';
import { readStreams, type StreamsConfig } from './settings/streams.ts';
import { readVoip, type VoipConfig } from './settings/voip.ts';
import { readWebrtc, type WebrtcConfig } from './settings/webrtc.ts';
import { type Env, openSource } from './source.ts';

export interface Config extends ServerConfig {
  readonly environment: Environment;
  readonly http: HttpConfig;
  readonly database: DatabaseConfig;
  readonly auth: AuthConfig;
  readonly webrtc: WebrtcConfig;
  readonly calls: CallsConfig;
  readonly signaling: SignalingConfig;
  readonly ingest: IngestConfig;
  /** Absent: Consul is not used. */
  readonly consul?: ConsulConfig;
  readonly streams: StreamsConfig;
  readonly voip: VoipConfig;
  readonly grpc: GrpcConfig;
  readonly recording: RecordingConfig;
  readonly storage: StorageConfig;
  readonly live: LiveConfig;
}

export interface LoadConfigOptions {
  /** Default: the environment of this process. */
  readonly env?: Env;
  /** Where relative paths start. Default: the working directory. */
  readonly cwd?: string;
  /** Default: the processor cores that this process may use. */
  readonly cores?: number;
  /** What the program says itself: it wins over the environment, which is asked for what is left out here. */
  readonly given?: GivenSettings;
  /** For a program with a listener of its own: PORT and the like in its environment are not ours, and are not read. */
  readonly isMounted?: boolean;
  /** What was found wrong before, to be told with the rest. */
  readonly problems?: readonly Problem[];
}

/** Creates the data folder, and nothing else. Throws a `ConfigError` that lists every problem. */
export function loadConfig(options: LoadConfigOptions = {}): Config {
  const { env = process.env, cwd = process.cwd(), cores = availableParallelism() } = options;
  const problems = new Problems(options.problems);
  const unread = options.isMounted ? Object.keys({ ...listenerSettings, ...grpcSettings }) : [];
  const given = printGiven(options.given ?? {}, { unfit: unread, problems });
  const source = openSource({ given, env, cwd, unread, problems });
  const environment = readEnvironment({ source, cwd, cores, problems });
  const reader: Reader = { environment, source, cwd, cores, problems };

  const server = readServer(reader);
  const consul = readConsul(reader);
  const storage = readStorage(reader, server.dataDir);
  const http = readHttp(reader);
  const config: Config = {
    ...server,
    environment,
    http,
    database: readDatabase(reader, server.dataDir),
    auth: readAuth(reader),
    webrtc: readWebrtc(reader),
    calls: readCalls(reader),
    signaling: readSignaling(reader),
    ingest: readIngest(reader),
    ...(consul && { consul }),
    streams: readStreams(reader),
    grpc: readGrpc(reader, http.host),
    voip: readVoip(reader, http.publicBaseUrl),
    recording: readRecording(reader),
    storage,
    live: readLive(reader, server.dataDir, storage),
  };
  if (problems.list.length > 0) throw new ConfigError(problems.list);
  return freezeDeeply(config);
}

function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) freezeDeeply(part);
  return Object.freeze(value);
}
