/** The options of a mounted service: checked as the settings of a server are, and by the same schema. */
import { Value } from '@sinclair/typebox/value';
import {
  type Config,
  type GivenSettings,
  type LoadConfigOptions,
  loadConfig,
  type Problem,
} from '../config/index.ts';
import { createLogger, type Logger } from '../observability/index.ts';
import { Encodings } from '../protocol/index.ts';
import type { Authenticate } from './authentication.ts';

export interface IceServerOption {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface VideoCallingServiceOptions {
  /** Any setting of docs/configuration.md by its name, but for those of a listener. Wins over everything else. */
  readonly settings?: GivenSettings;
  readonly webrtc?: {
    /** In the place of WEBRTC_ICE_SERVERS, WEBRTC_TURN_USERNAME and WEBRTC_TURN_PASSWORD. */
    readonly iceServers?: readonly IceServerOption[];
    /** What clients are asked to send; they may send less. */
    readonly encodingOptions?: Encodings;
  };
  /** Where settings that are left out are looked for. Default: the environment of this process; `{}` for nowhere. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Says who is on a socket. Default: its token, as the server's own socket takes it. */
  readonly authenticate?: Authenticate;
  /** Default: lines on the standard output, as LOG_LEVEL and LOG_FORMAT say. */
  readonly logger?: Logger;
}

export interface VideoCallingDeps {
  readonly config: Config;
  readonly logger: Logger;
  readonly encodings?: Encodings | undefined;
  readonly authenticate?: Authenticate | undefined;
}

const NAMES: ReadonlySet<string> = new Set<keyof VideoCallingServiceOptions>([
  'settings',
  'webrtc',
  'env',
  'authenticate',
  'logger',
]);
const WEBRTC_NAMES: ReadonlySet<string> = new Set(['iceServers', 'encodingOptions']);

/** Creates the data folder, and nothing else. Throws a `ConfigError` that lists every problem. */
export function readOptions(options: VideoCallingServiceOptions): VideoCallingDeps {
  const { settings, webrtc = {}, env, authenticate } = options;
  const problems = [
    ...findUnknown(options, NAMES, ''),
    ...findUnknown(webrtc, WEBRTC_NAMES, 'webrtc.'),
    ...checkLogins(webrtc.iceServers ?? []),
    ...checkEncodings(webrtc.encodingOptions),
  ];
  const load: LoadConfigOptions = {
    given: { ...iceSettings(webrtc.iceServers), ...settings },
    isMounted: true,
    problems,
    ...(env && { env }),
  };
  const config = loadConfig(load);
  const logger = options.logger ?? createLogger({ ...config.log, service: config.serviceName });
  return { config, logger, encodings: webrtc.encodingOptions, authenticate };
}

function findUnknown(options: object, names: ReadonlySet<string>, prefix: string): Problem[] {
  const unknown = Object.keys(options).filter((name) => !names.has(name));
  return unknown.map((name) => ({
    name: `${prefix}${name}`,
    what: 'is no option',
    expected: `one of ${[...names].map((known) => `${prefix}${known}`).join(', ')}`,
    remedy: 'correct the name, or leave it out',
  }));
}

function iceSettings(servers: readonly IceServerOption[] | undefined): GivenSettings {
  const login = servers?.find(hasLogin);
  return {
    WEBRTC_ICE_SERVERS: servers?.flatMap(({ urls }) => urls),
    WEBRTC_TURN_USERNAME: login?.username,
    WEBRTC_TURN_PASSWORD: login?.credential,
  };
}

/** There is one user for all TURN servers. */
function checkLogins(servers: readonly IceServerOption[]): Problem[] {
  const logins = servers.filter(hasLogin).map(({ username, credential }) => `${username} ${credential}`);
  if (new Set(logins).size < 2) return [];
  return [
    {
      name: 'webrtc.iceServers',
      what: 'has different credentials for different servers',
      expected: 'the same user and password for every TURN server',
      remedy: 'name servers of one provider only, or use settings.WEBRTC_TURN_SECRET',
    },
  ];
}

function hasLogin({ username, credential }: IceServerOption): boolean {
  return username !== undefined || credential !== undefined;
}

function checkEncodings(encodings: unknown): Problem[] {
  if (encodings === undefined || Value.Check(Encodings, encodings)) return [];
  const problem = Value.Errors(Encodings, encodings).First();
  return [
    {
      name: `webrtc.encodingOptions${(problem?.path ?? '').replaceAll('/', '.')}`,
      what: 'is not what clients can be asked for',
      expected: problem?.message.toLowerCase() ?? 'encodings',
      remedy: 'correct it, or leave webrtc.encodingOptions out',
    },
  ];
}
