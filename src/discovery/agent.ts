/** The agent of Consul over its HTTP API: the four requests that are made of it. Owns no connection between them. */
import type { ConsulConnection } from '../config/index.ts';
import { type Passing, readPassing } from './passing.ts';
import type { ServiceDefinition } from './service-definition.ts';

/** The agent answered, and refused. */
export class ConsulRefusal extends Error {
  override name = 'ConsulRefusal';
  readonly status: number;

  constructor(status: number, reason: string) {
    super(`Consul answered ${status}: ${reason.trim().slice(0, MAX_REASON)}`);
    this.status = status;
  }

  /** It knows nothing of what it was asked for. Agents before 1.9 say so with 500. */
  get isUnknown(): boolean {
    return this.status === 404 || (this.status === 500 && UNKNOWN_CHECK.test(this.message));
  }
}

const MAX_REASON = 300;
const UNKNOWN_CHECK = /unknown check|does not have associated TTL|unknown service/i;
/** How long a request takes at most that the agent answers by itself. */
const TIMEOUT_MS = 5_000;
/** Consul waits up to a sixteenth longer than it was asked to; the rest is for the network. */
const waitLimitMs = (waitMs: number) => waitMs + waitMs / 16 + 10_000;

interface Request {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface PassingQuery {
  /** What the last answer gave; 0 is answered at once. */
  readonly index: number;
  /** How long the agent waits for a change. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Every request rejects with a `ConsulRefusal`, or with what kept the agent from answering, within seconds. */
export class ConsulAgent {
  readonly #connection: ConsulConnection;

  constructor(connection: ConsulConnection) {
    this.#connection = connection;
  }

  /** Replaces what was registered under the same id, its checks too. */
  async register(service: ServiceDefinition): Promise<void> {
    await this.#ask({
      method: 'PUT',
      path: '/v1/agent/service/register',
      query: { 'replace-existing-checks': 'true' },
      body: service,
    });
  }

  /** Says that the check passes, for another TTL. */
  async pass(checkId: string): Promise<void> {
    await this.#ask({
      method: 'PUT',
      path: `/v1/agent/check/update/${encodeURIComponent(checkId)}`,
      body: { Status: 'passing', Output: 'the server says that it lives' },
    });
  }

  /** A service that is not registered is no error. */
  async deregister(serviceId: string, timeoutMs: number): Promise<void> {
    const path = `/v1/agent/service/deregister/${encodeURIComponent(serviceId)}`;
    try {
      await this.#ask({ method: 'PUT', path, timeoutMs });
    } catch (error) {
      if (!(error instanceof ConsulRefusal && error.isUnknown)) throw error;
    }
  }

  /** The instances of a service whose checks all pass, once that is news or the wait is over. */
  async passing(serviceName: string, { index, waitMs, signal }: PassingQuery): Promise<Passing> {
    const response = await this.#ask({
      method: 'GET',
      path: `/v1/health/service/${encodeURIComponent(serviceName)}`,
      query: { passing: 'true', index: String(index), wait: `${Math.round(waitMs / 1000)}s` },
      timeoutMs: waitLimitMs(waitMs),
      signal,
    });
    return readPassing(response);
  }

  async #ask({ method, path, query = {}, body, timeoutMs = TIMEOUT_MS, signal }: Request): Promise<Response> {
    const { baseUrl, unixSocket } = this.#connection;
    const limit = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${baseUrl}${path}?${new URLSearchParams(query)}`, {
      method,
      headers: { ...(await this.#credentials()), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      // The token is for the agent alone.
      redirect: 'error',
      // A connection that was kept is dead once the agent has started again, and a PUT is not sent twice.
      keepalive: false,
      ...(unixSocket !== undefined && { unix: unixSocket }),
      ...(baseUrl.startsWith('https:') && { tls: await this.#tls() }),
    });
    if (!response.ok) throw new ConsulRefusal(response.status, await response.text());
    return response;
  }

  async #credentials(): Promise<Record<string, string>> {
    const { token, tokenPath, basicAuth } = this.#connection;
    const current = tokenPath === undefined ? token : (await Bun.file(tokenPath).text()).trim();
    return {
      ...(current && { 'x-consul-token': current }),
      ...(basicAuth && { authorization: `Basic ${Buffer.from(basicAuth).toString('base64')}` }),
    };
  }

  async #tls() {
    const { isVerified, caPath, client } = this.#connection.tls;
    return {
      rejectUnauthorized: isVerified,
      ...(caPath !== undefined && { ca: await Bun.file(caPath).text() }),
      ...(client && {
        cert: await Bun.file(client.certPath).text(),
        key: await Bun.file(client.keyPath).text(),
      }),
    };
  }
}
