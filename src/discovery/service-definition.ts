/** How a server is described to Consul: the body of `PUT /v1/agent/service/register`, field names as Consul has them. */
import { isIPv6 } from 'node:net';

export interface ServiceDefinition {
  readonly ID: string;
  readonly Name: string;
  readonly Address: string;
  readonly Port: number;
  readonly Tags: readonly string[];
  readonly Meta: Readonly<Record<string, string>>;
  readonly Checks: readonly CheckDefinition[];
}

type CheckDefinition = { readonly CheckID: string; readonly Name: string } & (
  | { readonly TTL: string; readonly Status: 'passing'; readonly DeregisterCriticalServiceAfter: string }
  | {
      readonly HTTP: string;
      readonly TLSSkipVerify: boolean;
      readonly Interval: string;
      readonly Timeout: string;
    }
  | {
      readonly GRPC: string;
      readonly GRPCUseTLS: boolean;
      readonly TLSSkipVerify: boolean;
      readonly Interval: string;
      readonly Timeout: string;
    }
);

/** Where a listener listens, once it does. */
export interface Listening {
  /** As it was bound; `0.0.0.0` and `::` are every address. */
  readonly host: string;
  readonly port: number;
}

export interface Listeners {
  readonly http: Listening & { readonly isTls: boolean };
  /** `mutual`: it wants a certificate, which the agent does not have. */
  readonly grpc?: Listening & { readonly tls: 'off' | 'on' | 'mutual' };
}

export interface ServiceIdentity {
  readonly name: string;
  readonly id: string;
  readonly address: string;
  readonly tags: readonly string[];
}

export interface CheckTimes {
  readonly checkTtlMs: number;
  readonly checkIntervalMs: number;
  readonly deregisterAfterMs: number;
}

const CHECK_TIMEOUT_MS = 5_000;
const ANY_ADDRESS = ['0.0.0.0', '::', '[::]'];
const LOOPBACK = /^(127\.|localhost$|::1$|\[::1\]$)/;

/** The check that the server passes by itself. */
export function aliveCheckId(serviceId: string): string {
  return `service:${serviceId}:alive`;
}

/**
 * The port of the service is the one of gRPC where others can reach it, as the clients that look it up expect, else the one of HTTP;
 * both are in the meta data. The agent looks at each port that it can speak to; its certificate is for people, who come by name.
 */
export function defineService(
  { name, id, address, tags }: ServiceIdentity,
  { http, grpc }: Listeners,
  { checkTtlMs, checkIntervalMs, deregisterAfterMs }: CheckTimes,
): ServiceDefinition {
  const rhythm = {
    Interval: seconds(checkIntervalMs),
    Timeout: `${Math.min(CHECK_TIMEOUT_MS, checkIntervalMs)}ms`,
  };
  const scheme = http.isTls ? 'https' : 'http';
  return {
    ID: id,
    Name: name,
    Address: address,
    Port: grpc && isReachable(grpc, address) ? grpc.port : http.port,
    Tags: tags,
    Meta: {
      http_port: String(http.port),
      http_scheme: scheme,
      ...(grpc && { grpc_port: String(grpc.port), grpc_tls: grpc.tls }),
    },
    Checks: [
      {
        CheckID: aliveCheckId(id),
        Name: 'the server says that it lives',
        TTL: seconds(checkTtlMs),
        Status: 'passing',
        DeregisterCriticalServiceAfter: seconds(deregisterAfterMs),
      },
      {
        CheckID: `service:${id}:http`,
        Name: 'it is ready for calls',
        HTTP: `${scheme}://${authority(http, address)}/ready`,
        TLSSkipVerify: http.isTls,
        ...rhythm,
      },
      ...(grpc && grpc.tls !== 'mutual'
        ? [
            {
              CheckID: `service:${id}:grpc`,
              Name: 'gRPC answers',
              GRPC: authority(grpc, address),
              GRPCUseTLS: grpc.tls === 'on',
              TLSSkipVerify: grpc.tls === 'on',
              ...rhythm,
            },
          ]
        : []),
    ],
  };
}

/** What listens on this machine's own loopback alone is of use to nobody elsewhere. */
function isReachable({ host }: Listening, address: string): boolean {
  return !LOOPBACK.test(host) || LOOPBACK.test(address);
}

function authority({ host, port }: Listening, address: string): string {
  const name = ANY_ADDRESS.includes(host) ? address : host;
  return `${isIPv6(name) ? `[${name}]` : name}:${port}`;
}

/** As Go reads durations. */
function seconds(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}
