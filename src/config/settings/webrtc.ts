/** How media reaches the server: its workers, their address and ports, and the servers that help clients through firewalls. */
import { resolve } from 'node:path';
import { host, iceServerUrl, ipAddress, port } from '../address.ts';
import { integer, list, text } from '../format.ts';
import { duration } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { isSampleSecret } from '../samples.ts';
import { optional, setting, type ValuesOf } from '../setting.ts';

const HIGHEST_PORT = 65_535;
const MAX_WORKERS = 256;

export const webrtcSettings = {
  WEBRTC_LISTEN_IP: setting(ipAddress(), {
    production: '0.0.0.0',
    development: '127.0.0.1',
    doc: 'The address on which the workers take media.',
  }),
  WEBRTC_ANNOUNCED_ADDRESS: optional(host(), {
    defaultText: 'the value of WEBRTC_LISTEN_IP',
    doc: 'The address that clients are told to send media to: needed when WEBRTC_LISTEN_IP is 0.0.0.0 or ::, or behind NAT.',
  }),
  WEBRTC_PORT: setting(port({ minimum: 0 }), {
    default: 40_000,
    doc: 'The port of the first worker, UDP and TCP; worker n, counted from 0, uses WEBRTC_PORT + n. 0 takes free ones.',
  }),
  WEBRTC_WORKERS: setting(integer({ minimum: 1, maximum: MAX_WORKERS }), {
    computed: ({ cores }) => Math.min(cores, MAX_WORKERS),
    defaultText: 'one per processor core',
    doc: 'How many media workers run.',
  }),
  WEBRTC_WORKER_CAPACITY: setting(integer({ minimum: 1, maximum: 1_000_000 }), {
    default: 500,
    doc: 'How many streams a worker sends before a call grows onto another worker.',
  }),
  WEBRTC_WORKER_TIMEOUT: setting(duration({ minimumMs: 500, maximumMs: 60_000 }), {
    default: 5_000,
    doc: 'A worker that answers nothing for this long hangs: it is killed and replaced.',
  }),
  MEDIASOUP_WORKER_BIN: optional(text('the path of a program'), {
    defaultText: 'the one that `bun run start` builds or finds',
    doc: 'The program of the media workers.',
  }),
  WEBRTC_ICE_SERVERS: setting(list(iceServerUrl()), {
    default: [],
    doc: 'STUN and TURN servers that clients are told of. Calls need no STUN, because the server has an address of its own.',
  }),
  WEBRTC_TURN_SERVER_URL: optional(iceServerUrl(), { doc: 'One TURN server more.' }),
  WEBRTC_TURN_USERNAME: optional(text('a user name'), {
    doc: 'The user of the TURN servers. Goes with WEBRTC_TURN_PASSWORD.',
  }),
  WEBRTC_TURN_PASSWORD: optional(text('a password'), {
    isSecret: true,
    doc: "That user's password. Every client learns it: better is WEBRTC_TURN_SECRET.",
  }),
  WEBRTC_TURN_SECRET: optional(text('a secret'), {
    isSecret: true,
    doc: 'The secret shared with the TURN servers (static-auth-secret of coturn): each client gets credentials of its own, for a limited time.',
  }),
};

export interface IceServerConfig {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface WebrtcConfig {
  readonly listenIp: string;
  readonly announcedAddress?: string;
  /** Worker n uses `port + n`; 0: each takes a free one. */
  readonly port: number;
  readonly workers: number;
  /** Streams that a worker sends before a call grows onto another one. */
  readonly workerCapacity: number;
  /** In milliseconds: how long a worker may answer nothing. */
  readonly workerTimeoutMs: number;
  /** Absolute. */
  readonly workerBin?: string;
  /** Complete as they are: STUN, and TURN with a fixed user. */
  readonly iceServers: readonly IceServerConfig[];
  /** TURN servers whose credentials are made for each client from the secret. */
  readonly turn?: { readonly urls: readonly string[]; readonly secret: string };
}

type Values = ValuesOf<typeof webrtcSettings>;

export function readWebrtc(reader: Reader): WebrtcConfig {
  const values = readSettings(webrtcSettings, reader);
  checkAddress(values, reader);
  checkPorts(values, reader);
  return {
    listenIp: values.WEBRTC_LISTEN_IP,
    ...(values.WEBRTC_ANNOUNCED_ADDRESS && { announcedAddress: values.WEBRTC_ANNOUNCED_ADDRESS }),
    port: values.WEBRTC_PORT,
    workers: values.WEBRTC_WORKERS,
    workerCapacity: values.WEBRTC_WORKER_CAPACITY,
    workerTimeoutMs: values.WEBRTC_WORKER_TIMEOUT,
    ...(values.MEDIASOUP_WORKER_BIN && { workerBin: resolve(reader.cwd, values.MEDIASOUP_WORKER_BIN) }),
    ...readIceServers(values, reader),
  };
}

function checkAddress(values: Values, { problems }: Reader): void {
  const announced = values.WEBRTC_ANNOUNCED_ADDRESS ?? values.WEBRTC_LISTEN_IP;
  if (announced !== '0.0.0.0' && announced !== '::') return;
  problems.add({
    name: 'WEBRTC_ANNOUNCED_ADDRESS',
    what:
      values.WEBRTC_ANNOUNCED_ADDRESS === undefined
        ? `is missing, and the media workers listen on ${announced}, which no client can reach`
        : `is ${announced}, which no client can reach`,
    expected: 'the IP address or host name under which clients reach this machine',
    remedy: 'set it to the public address of this machine, or set WEBRTC_LISTEN_IP to a single address',
  });
}

function checkPorts(values: Values, { problems }: Reader): void {
  const last = values.WEBRTC_PORT + values.WEBRTC_WORKERS - 1;
  if (last <= HIGHEST_PORT) return;
  problems.add({
    name: 'WEBRTC_PORT',
    what: `is ${values.WEBRTC_PORT}, so the last of ${values.WEBRTC_WORKERS} workers would need port ${last}`,
    expected: `room for one port a worker up to ${HIGHEST_PORT}`,
    remedy: 'lower WEBRTC_PORT or WEBRTC_WORKERS',
  });
}

function readIceServers(values: Values, reader: Reader): Pick<WebrtcConfig, 'iceServers' | 'turn'> {
  const urls = [
    ...values.WEBRTC_ICE_SERVERS,
    ...(values.WEBRTC_TURN_SERVER_URL ? [values.WEBRTC_TURN_SERVER_URL] : []),
  ];
  const stun = urls.filter((url) => !isTurn(url));
  const turn = [...new Set(urls.filter(isTurn))];
  const iceServers = stun.length > 0 ? [{ urls: stun }] : [];
  checkTurn(values, { turn, reader });
  const {
    WEBRTC_TURN_USERNAME: username,
    WEBRTC_TURN_PASSWORD: credential,
    WEBRTC_TURN_SECRET: secret,
  } = values;
  if (turn.length === 0) return { iceServers };
  if (secret !== undefined) return { iceServers, turn: { urls: turn, secret } };
  if (username === undefined || credential === undefined) return { iceServers };
  return { iceServers: [...iceServers, { urls: turn, username, credential }] };
}

function isTurn(url: string): boolean {
  return /^turns?:/i.test(url);
}

function checkTurn(values: Values, { turn, reader }: { turn: readonly string[]; reader: Reader }): void {
  const {
    WEBRTC_TURN_USERNAME: username,
    WEBRTC_TURN_PASSWORD: password,
    WEBRTC_TURN_SECRET: secret,
  } = values;
  const isComplete = username !== undefined && password !== undefined;
  const hasAny = username !== undefined || password !== undefined || secret !== undefined;
  const add = (what: string, remedy: string) =>
    reader.problems.add({
      name: 'WEBRTC_TURN_SERVER_URL',
      what,
      expected: 'TURN servers with WEBRTC_TURN_SECRET, or with WEBRTC_TURN_USERNAME and WEBRTC_TURN_PASSWORD',
      remedy,
    });
  if (turn.length > 0 && secret === undefined && !isComplete) {
    add('names a TURN server, but not how to log in there', 'set WEBRTC_TURN_SECRET');
  }
  if (turn.length === 0 && hasAny && !isUnread(reader)) {
    add('is missing, but credentials for a TURN server are set', 'name the server, or unset the credentials');
  }
  if (secret !== undefined && (username !== undefined || password !== undefined)) {
    add('has two kinds of credentials', 'unset WEBRTC_TURN_USERNAME and WEBRTC_TURN_PASSWORD');
  }
  if (reader.environment === 'production') refuseSamples(values, reader);
}

/** A URL that could not be read has been complained about already. */
function isUnread({ source }: Reader): boolean {
  return source('WEBRTC_TURN_SERVER_URL') !== undefined || source('WEBRTC_ICE_SERVERS') !== undefined;
}

function refuseSamples(values: Values, { problems }: Reader): void {
  const names = ['WEBRTC_TURN_SERVER_URL', 'WEBRTC_TURN_PASSWORD', 'WEBRTC_TURN_SECRET'] as const;
  for (const name of names) {
    const value = values[name];
    if (value === undefined || !isSampleSecret(value)) continue;
    problems.add({
      name,
      what: 'is a sample from documentation',
      expected: webrtcSettings[name].format.expected,
      remedy: 'set it to what your TURN server uses, or unset all WEBRTC_TURN settings',
    });
  }
}
