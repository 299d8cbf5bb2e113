/** The one HTTP listener: where it listens, which origins it trusts, which proxies, with which certificate. */
import { host, network, origin, port, url } from '../address.ts';
import { agree } from '../agree.ts';
import { anyOf, choice, list, text } from '../format.ts';
import { type Reader, readSettings } from '../read.ts';
import { readableFile } from '../readable-file.ts';
import { optional, setting } from '../setting.ts';

const DEFAULT_PORT = 3000;
const LOOPBACK_NETWORKS = ['127.0.0.0/8', '::1/128'];

/** Of the listener itself: without meaning where somebody else listens. */
export const listenerSettings = {
  PORT: optional(port({ minimum: 0 }), {
    defaultText: String(DEFAULT_PORT),
    doc: 'The TCP port of pages, routes and sockets; 0 takes any free one.',
  }),
  HTTP_PORT: optional(port({ minimum: 0 }), {
    doc: 'Another name of PORT. Two names that disagree are an error.',
  }),
  APP_PORT: optional(port({ minimum: 0 }), { doc: 'Another name of PORT.' }),
  APP_HOST: setting(host(), {
    production: '0.0.0.0',
    development: '127.0.0.1',
    doc: 'The address to listen on.',
  }),
  TLS_CERT: optional(text('the path of a PEM file'), {
    doc: 'The certificate chain, to serve HTTPS without a proxy. Goes with TLS_KEY.',
  }),
  TLS_KEY: optional(text('the path of a PEM file'), { doc: 'The private key of TLS_CERT.' }),
};

export const httpSettings = {
  ...listenerSettings,
  PUBLIC_BASE_URL: optional(url({ protocols: ['http:', 'https:'], example: 'https://calls.example.com' }), {
    defaultText: 'the address of each request',
    doc: 'The address under which people reach the server, when a proxy stands before it.',
  }),
  CORS_ORIGINS: setting(list(origin()), {
    default: [],
    doc: "Other origins whose pages may use the server, routes and sockets alike. The server's own origin always may, and in development every origin on localhost too.",
  }),
  TRUST_PROXY: optional(list(anyOf(choice(['none', 'loopback']), network())), {
    defaultText: 'none',
    doc: 'The proxies whose X-Forwarded-For is believed: none, loopback, or addresses and networks.',
  }),
};

export interface HttpConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Without a slash at the end. */
  readonly publicBaseUrl?: string;
  /** Origins beside the server's own. */
  readonly corsOrigins: readonly string[];
  /** Pages of any port of localhost may use the server: so in development. */
  readonly allowsLocalOrigins: boolean;
  /** Addresses and networks; empty: no proxy is believed. */
  readonly trustProxy: readonly string[];
  /** Absolute paths of PEM files. */
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
}

export function readHttp(reader: Reader): HttpConfig {
  const values = readSettings(httpSettings, reader);
  const { PORT, HTTP_PORT, APP_PORT } = values;
  const tls = readTls({ cert: values.TLS_CERT, key: values.TLS_KEY }, reader);
  return {
    host: values.APP_HOST,
    port: agree({ PORT, HTTP_PORT, APP_PORT }, reader.problems) ?? DEFAULT_PORT,
    ...(values.PUBLIC_BASE_URL && { publicBaseUrl: values.PUBLIC_BASE_URL.replace(/\/+$/, '') }),
    corsOrigins: values.CORS_ORIGINS,
    allowsLocalOrigins: reader.environment !== 'production',
    trustProxy: (values.TRUST_PROXY ?? []).flatMap(expandProxy),
    ...(tls && { tls }),
  };
}

function expandProxy(proxy: string): readonly string[] {
  if (proxy === 'none') return [];
  return proxy === 'loopback' ? LOOPBACK_NETWORKS : [proxy];
}

function readTls(
  paths: { cert: string | undefined; key: string | undefined },
  reader: Reader,
): HttpConfig['tls'] {
  const { cert, key } = paths;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    reader.problems.add({
      name: cert === undefined ? 'TLS_CERT' : 'TLS_KEY',
      what: `is missing, but ${cert === undefined ? 'TLS_KEY' : 'TLS_CERT'} is set`,
      expected: 'both or none',
      remedy: 'name both files, or unset both and let a proxy serve HTTPS',
    });
    return undefined;
  }
  return { certPath: readableFile('TLS_CERT', cert, reader), keyPath: readableFile('TLS_KEY', key, reader) };
}
