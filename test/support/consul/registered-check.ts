/** One check of a service at the agent of the tests: a TTL that runs out by itself, or a look at a port. */

import { readGoDuration } from './go-duration.ts';
import { isServing } from './grpc-health.ts';

export type CheckStatus = 'passing' | 'warning' | 'critical';

/** Field names as Consul has them. */
export interface CheckFields {
  readonly CheckID: string;
  readonly Name: string;
  readonly TTL?: string;
  readonly HTTP?: string;
  readonly GRPC?: string;
  readonly GRPCUseTLS?: boolean;
  readonly TLSSkipVerify?: boolean;
  readonly Interval?: string;
  readonly Timeout?: string;
  readonly Status?: CheckStatus;
  readonly DeregisterCriticalServiceAfter?: string;
}

const KNOWN = new Set([
  'CheckID',
  'Name',
  'TTL',
  'HTTP',
  'GRPC',
  'GRPCUseTLS',
  'TLSSkipVerify',
  'Interval',
  'Timeout',
  'Status',
  'DeregisterCriticalServiceAfter',
]);

/** What Consul would say is wrong with it. */
export function findCheckFlaw(check: CheckFields): string | undefined {
  const unknown = Object.keys(check).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) return `invalid config key ${unknown}`;
  const kinds = [check.TTL, check.HTTP, check.GRPC].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) return 'Invalid check: a check is one of TTL, HTTP and gRPC';
  if (check.TTL !== undefined && check.Interval !== undefined) return 'Interval and TTL cannot both be given';
  if (check.TTL === undefined && readGoDuration(check.Interval) === undefined) return 'Interval must be > 0';
  for (const name of ['TTL', 'Timeout', 'DeregisterCriticalServiceAfter'] as const) {
    const value = check[name];
    if (value !== undefined && readGoDuration(value) === undefined)
      return `time: invalid duration "${value}"`;
  }
  return undefined;
}

export class RegisteredCheck {
  readonly fields: CheckFields;
  status: CheckStatus;
  /** When it became critical, by `performance.now()`. */
  criticalSinceMs: number | undefined;
  readonly #onChange: () => void;
  #timer: Timer | undefined;

  constructor(fields: CheckFields, onChange: () => void) {
    this.fields = fields;
    this.status = fields.Status ?? 'critical';
    this.criticalSinceMs = this.status === 'critical' ? performance.now() : undefined;
    this.#onChange = onChange;
    if (fields.TTL !== undefined) this.#wind();
    else void this.#look();
  }

  /** What a client says of a TTL check. */
  update(status: CheckStatus): void {
    this.#set(status);
    this.#wind();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wind(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#set('critical'), readGoDuration(this.fields.TTL) ?? 0);
  }

  async #look(): Promise<void> {
    this.#timer = setTimeout(() => void this.#look(), readGoDuration(this.fields.Interval) ?? 10_000);
    const own = this.#timer;
    const status = await lookAt(this.fields);
    if (this.#timer === own) this.#set(status);
  }

  #set(status: CheckStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.criticalSinceMs = status === 'critical' ? performance.now() : undefined;
    this.#onChange();
  }
}

async function lookAt({ HTTP, GRPC, GRPCUseTLS, TLSSkipVerify, Timeout }: CheckFields): Promise<CheckStatus> {
  const timeoutMs = readGoDuration(Timeout) ?? 10_000;
  if (GRPC !== undefined) {
    return (await isServing(GRPC, { usesTls: GRPCUseTLS === true, timeoutMs })) ? 'passing' : 'critical';
  }
  return fetch(HTTP ?? '', {
    signal: AbortSignal.timeout(timeoutMs),
    tls: { rejectUnauthorized: TLSSkipVerify !== true },
  }).then(
    (response) => (response.ok ? 'passing' : response.status === 429 ? 'warning' : 'critical'),
    () => 'critical',
  );
}
