/** An agent of Consul in this process, for tests: its HTTP API for services, checks and blocking queries, strict, with faults. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { findFreePort } from '../postgres.ts';
import { Catalog, findServiceFlaw, type RegisteredService } from './catalog.ts';
import { readGoDuration } from './go-duration.ts';

export const CONSUL_TOKEN = 'a-token-for-consul-never-to-be-seen';
const MAX_WAIT_MS = 600_000;
const DEFAULT_WAIT_MS = 300_000;

export interface ConsulStandInOptions {
  /** A free one when not given. */
  readonly port?: number;
  /** See `Catalog`. */
  readonly reapFactor?: number;
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

export class ConsulStandIn {
  readonly port: number;
  readonly catalog: Catalog;
  /** Every request that came: its method and its path. */
  readonly requests: string[] = [];
  /** What it takes; others get 403. */
  token = CONSUL_TOKEN;
  /** Requests are taken, and never answered. */
  isHanging = false;
  #server: Server | undefined;

  /** Listens. */
  static async create(options: ConsulStandInOptions = {}): Promise<ConsulStandIn> {
    const standIn = new ConsulStandIn(options.port ?? (await findFreePort()), options.reapFactor ?? 1);
    await standIn.start();
    return standIn;
  }

  private constructor(port: number, reapFactor: number) {
    this.port = port;
    this.catalog = new Catalog(reapFactor);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** On the same port as before. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  /** Goes away; what was registered stays, as with an agent that has a data folder. Twice is no error. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async close(): Promise<void> {
    await this.stop();
    this.catalog.close();
  }

  /** The worst status of the checks of a service; undefined when it is not registered. */
  statusOf(id: string): string | undefined {
    const service = this.catalog.find(id);
    if (!service) return undefined;
    const statuses = [...service.checks.values()].map(({ status }) => status);
    return ['critical', 'warning'].find((bad) => statuses.some((status) => status === bad)) ?? 'passing';
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${this.address}`);
    this.requests.push(`${request.method} ${url.pathname}`);
    if (this.isHanging) return;
    try {
      if (request.headers['x-consul-token'] !== this.token) {
        throw new Refusal(403, 'Permission denied: anonymous token lacks permission "service:write"');
      }
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      const body = Buffer.concat(pieces).toString();
      const entries = await this.#answer({ method: request.method ?? '', url, body });
      response.setHeader('x-consul-index', String(this.catalog.index));
      response.setHeader('content-type', 'application/json');
      response.end(entries === undefined ? '' : JSON.stringify(entries));
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      response.writeHead(status, { 'content-type': 'text/plain' }).end(String(Object(error).message));
    }
  }

  async #answer({ method, url, body }: { method: string; url: URL; body: string }): Promise<unknown> {
    const [, resource = '', id = ''] =
      /^\/v1\/(agent\/service\/register|agent\/service\/deregister|agent\/check\/update|health\/service)(?:\/([^/]+))?$/.exec(
        url.pathname,
      ) ?? [];
    const name = decodeURIComponent(id);
    demandMethod(method, resource === 'health/service' ? 'GET' : 'PUT');
    switch (resource) {
      case 'agent/service/register':
        return this.#register(body);
      case 'agent/service/deregister':
        if (this.catalog.deregister(name)) return undefined;
        throw new Refusal(
          404,
          `Unknown service ID "${name}". Ensure that the service ID is passed, not the service name.`,
        );
      case 'agent/check/update':
        return this.#update(name, body);
      case 'health/service':
        return this.#passing(name, url.searchParams);
      default:
        throw new Refusal(404, 'Not found');
    }
  }

  #register(body: string): undefined {
    const service = JSON.parse(body);
    const flaw = findServiceFlaw(service);
    if (flaw !== undefined) throw new Refusal(400, `Request decode failed: ${flaw}`);
    this.catalog.register({ ...service, ID: service.ID ?? service.Name });
  }

  #update(checkId: string, body: string): undefined {
    const { Status, ...rest } = JSON.parse(body);
    if (!['passing', 'warning', 'critical'].includes(Status))
      throw new Refusal(400, `Invalid check status: '${Status}'`);
    if (Object.keys(rest).some((key) => key !== 'Output')) throw new Refusal(400, 'Request decode failed');
    const check = this.catalog.findCheck(checkId);
    if (!check) {
      throw new Refusal(
        404,
        `Unknown check ID "${checkId}". Ensure that the check ID is passed, not the check name.`,
      );
    }
    if (check.fields.TTL === undefined)
      throw new Refusal(500, `CheckID "${checkId}" does not have associated TTL`);
    check.update(Status);
  }

  /** A change elsewhere wakes a query too: an answer is no guarantee of news. */
  async #passing(name: string, query: URLSearchParams): Promise<unknown> {
    if (!query.has('passing')) throw new Refusal(400, 'only what passes is told here');
    const index = Number(query.get('index') ?? 0);
    const waitMs = query.has('wait') ? readGoDuration(query.get('wait')) : DEFAULT_WAIT_MS;
    if (!Number.isInteger(index) || waitMs === undefined)
      throw new Refusal(400, 'Invalid wait time or index');
    if (index > 0 && this.catalog.index <= index)
      await this.catalog.nextChange(Math.min(waitMs, MAX_WAIT_MS));
    return this.catalog.passing(name).map(describe);
  }
}

function demandMethod(method: string, wanted: string): void {
  if (method !== wanted) throw new Refusal(405, `method ${method} not allowed`);
}

function describe({ fields, checks }: RegisteredService) {
  return {
    Node: { Node: 'stand-in', Address: '127.0.0.1', Datacenter: 'dc1' },
    Service: {
      ID: fields.ID,
      Service: fields.Name,
      Address: fields.Address ?? '',
      Port: fields.Port ?? 0,
      Tags: fields.Tags ?? null,
      Meta: fields.Meta ?? null,
    },
    Checks: [...checks.values()].map(({ fields: { CheckID, Name }, status }) => ({
      CheckID,
      Name,
      Status: status,
    })),
  };
}
