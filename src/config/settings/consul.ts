/** Consul: where its agent is, how to speak to it, and as what the server is known there. */
import { hostname } from 'node:os';
import { host } from '../address.ts';
import { list, onOff, text } from '../format.ts';
import { duration } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { readableFile } from '../readable-file.ts';
import { optional, setting, type ValuesOf } from '../setting.ts';
import { isConsulAddress, readConsulAddress } from './consul-address.ts';

const FILE = text('the path of a file');

export const consulSettings = {
  CONSUL_HTTP_ADDR: optional(
    {
      expected: 'a host and a port such as 127.0.0.1:8500, an http(s) URL, or unix:///path',
      parse: (value) => (isConsulAddress(value) ? value : undefined),
      print: String,
    },
    {
      defaultText: 'none: Consul is not used',
      doc: 'The agent of Consul. With it the server registers itself there, keeps itself registered, and finds its other instances.',
    },
  ),
  CONSUL_HTTP_TOKEN: optional(text('a token'), {
    isSecret: true,
    doc: 'The token for Consul. It needs service:write on SERVICE_NAME, and service:read and node:read to find others.',
  }),
  CONSUL_HTTP_TOKEN_FILE: optional(FILE, {
    doc: 'A file with that token, in the place of CONSUL_HTTP_TOKEN. It is read again for every request, so the token may be changed.',
  }),
  CONSUL_HTTP_AUTH: optional(text('a user and a password, as user:password'), {
    isSecret: true,
    doc: 'Who logs in at a proxy that stands before Consul (HTTP basic authentication).',
  }),
  CONSUL_HTTP_SSL: setting(onOff(), {
    default: false,
    doc: 'Whether an agent whose address is no URL is reached by https.',
  }),
  CONSUL_HTTP_SSL_VERIFY: setting(onOff(), {
    default: true,
    doc: 'Whether its certificate is checked.',
  }),
  CONSUL_CACERT: optional(FILE, { doc: 'The certificate authority of its certificate, in PEM.' }),
  CONSUL_CLIENT_CERT: optional(FILE, {
    doc: 'The certificate that the server shows to it, in PEM. Goes with CONSUL_CLIENT_KEY.',
  }),
  CONSUL_CLIENT_KEY: optional(FILE, { doc: 'The private key of CONSUL_CLIENT_CERT.' }),
  CONSUL_CHECK_TTL: setting(duration({ minimumMs: 1_000, maximumMs: 3_600_000 }), {
    default: 30_000,
    doc: 'After how long without a word Consul takes the server for dead. It says that it lives three times in that time.',
  }),
  CONSUL_CHECK_INTERVAL: setting(duration({ minimumMs: 1_000, maximumMs: 3_600_000 }), {
    default: 10_000,
    doc: 'How often the agent looks by itself whether the server answers on its ports.',
  }),
  CONSUL_DEREGISTER_AFTER: setting(duration({ minimumMs: 60_000, maximumMs: 2_592_000_000 }), {
    default: 600_000,
    doc: 'After how long a dead server is taken off the list. Consul does it no sooner than after a minute.',
  }),
  SERVICE_ID: optional(text('a text that no other instance has'), {
    defaultText: 'SERVICE_NAME, the name of the machine and the port, with dashes between',
    doc: 'The id of this instance in Consul. The same after a restart, or the dead one stays on the list for a while.',
  }),
  SERVICE_ADDRESS: optional(host(), {
    defaultText: 'APP_HOST, or the first address of this machine when that is all of them',
    doc: 'The address under which other services and the agent of Consul reach this instance.',
  }),
  SERVICE_TAGS: setting(list(text('a tag')), { default: [], doc: 'Tags of the service in Consul.' }),
};

/** How to speak to the agent. */
export interface ConsulConnection {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** The path of a socket that stands in for the host of `baseUrl`. */
  readonly unixSocket?: string;
  readonly token?: string;
  /** Absolute. To be read for each request; wins over `token`. */
  readonly tokenPath?: string;
  /** `user:password` */
  readonly basicAuth?: string;
  /** Absolute paths of PEM files. */
  readonly tls: {
    readonly isVerified: boolean;
    readonly caPath?: string;
    readonly client?: { readonly certPath: string; readonly keyPath: string };
  };
}

export interface ConsulConfig extends ConsulConnection {
  readonly checkTtlMs: number;
  readonly checkIntervalMs: number;
  readonly deregisterAfterMs: number;
  readonly service: {
    readonly id?: string;
    readonly address?: string;
    readonly tags: readonly string[];
    /** The name of this machine. */
    readonly hostname: string;
  };
}

type Values = ValuesOf<typeof consulSettings>;

/** Undefined: Consul is not used. What is set for it is checked all the same. */
export function readConsul(reader: Reader): ConsulConfig | undefined {
  const values = readSettings(consulSettings, reader);
  if (values.CONSUL_HTTP_ADDR === undefined) return undefined;
  const tokenPath = readable('CONSUL_HTTP_TOKEN_FILE', values, reader);
  return {
    ...readConsulAddress(values.CONSUL_HTTP_ADDR, { isTls: values.CONSUL_HTTP_SSL }),
    ...(values.CONSUL_HTTP_TOKEN !== undefined && { token: values.CONSUL_HTTP_TOKEN }),
    ...(tokenPath !== undefined && { tokenPath }),
    ...(values.CONSUL_HTTP_AUTH !== undefined && { basicAuth: values.CONSUL_HTTP_AUTH }),
    tls: readTls(values, reader),
    checkTtlMs: values.CONSUL_CHECK_TTL,
    checkIntervalMs: values.CONSUL_CHECK_INTERVAL,
    deregisterAfterMs: values.CONSUL_DEREGISTER_AFTER,
    service: {
      ...(values.SERVICE_ID !== undefined && { id: values.SERVICE_ID }),
      ...(values.SERVICE_ADDRESS !== undefined && { address: values.SERVICE_ADDRESS }),
      tags: values.SERVICE_TAGS,
      hostname: hostname(),
    },
  };
}

function readTls(values: Values, reader: Reader): ConsulConnection['tls'] {
  const caPath = readable('CONSUL_CACERT', values, reader);
  const certPath = readable('CONSUL_CLIENT_CERT', values, reader);
  const keyPath = readable('CONSUL_CLIENT_KEY', values, reader);
  if ((certPath === undefined) !== (keyPath === undefined)) {
    const [given, missing] =
      keyPath === undefined
        ? ['CONSUL_CLIENT_CERT', 'CONSUL_CLIENT_KEY']
        : ['CONSUL_CLIENT_KEY', 'CONSUL_CLIENT_CERT'];
    reader.problems.add({
      name: missing,
      what: `is missing, but ${given} is set`,
      expected: 'both or none',
      remedy: 'name both files, or unset both',
    });
  }
  return {
    isVerified: values.CONSUL_HTTP_SSL_VERIFY,
    ...(caPath !== undefined && { caPath }),
    ...(certPath !== undefined && keyPath !== undefined && { client: { certPath, keyPath } }),
  };
}

type FileSetting = 'CONSUL_HTTP_TOKEN_FILE' | 'CONSUL_CACERT' | 'CONSUL_CLIENT_CERT' | 'CONSUL_CLIENT_KEY';

function readable(name: FileSetting, values: Values, reader: Reader): string | undefined {
  const path = values[name];
  return path === undefined ? undefined : readableFile(name, path, reader);
}
