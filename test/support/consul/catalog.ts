/** What the agent of the tests knows: services with their checks, and an index that grows with every change. */

import { readGoDuration } from './go-duration.ts';
import { type CheckFields, findCheckFlaw, RegisteredCheck } from './registered-check.ts';

/** Field names as Consul has them. */
export interface ServiceFields {
  readonly ID: string;
  readonly Name: string;
  readonly Address?: string;
  readonly Port?: number;
  readonly Tags?: readonly string[];
  readonly Meta?: Readonly<Record<string, string>>;
  readonly Checks?: readonly CheckFields[];
}

export interface RegisteredService {
  readonly fields: ServiceFields;
  readonly checks: ReadonlyMap<string, RegisteredCheck>;
}

const KNOWN = new Set(['ID', 'Name', 'Address', 'Port', 'Tags', 'Meta', 'Checks']);

/** What Consul would say is wrong with it. */
export function findServiceFlaw(service: ServiceFields): string | undefined {
  const unknown = Object.keys(service).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) return `invalid config key ${unknown}`;
  if (typeof service.Name !== 'string' || service.Name === '') return 'Missing service name';
  if (!Number.isInteger(service.Port ?? 0)) return 'Port is no number';
  if (Object.values(service.Meta ?? {}).some((value) => typeof value !== 'string')) return 'Meta holds texts';
  const ids = (service.Checks ?? []).map(({ CheckID }) => CheckID);
  if (new Set(ids).size < ids.length) return 'two checks have one id';
  return (service.Checks ?? []).map(findCheckFlaw).find((flaw) => flaw !== undefined);
}

export class Catalog {
  readonly #services = new Map<string, RegisteredService>();
  readonly #waiting = new Set<() => void>();
  readonly #reaper: Timer;
  index = 10;

  /** `reapFactor`: by how much the time is divided after which a critical service is taken off, a minute at the least in Consul. */
  constructor(reapFactor: number) {
    this.#reaper = setInterval(() => this.#reap(reapFactor), 30_000 / reapFactor);
  }

  get services(): readonly RegisteredService[] {
    return [...this.#services.values()];
  }

  find(id: string): RegisteredService | undefined {
    return this.#services.get(id);
  }

  findCheck(id: string): RegisteredCheck | undefined {
    return this.services
      .flatMap(({ checks }) => [...checks.values()])
      .find(({ fields }) => fields.CheckID === id);
  }

  register(fields: ServiceFields): void {
    this.#drop(fields.ID);
    const checks = (fields.Checks ?? []).map((check) => new RegisteredCheck(check, () => this.changed()));
    this.#services.set(fields.ID, {
      fields,
      checks: new Map(checks.map((check) => [check.fields.CheckID, check])),
    });
    this.changed();
  }

  /** Returns whether there was one. */
  deregister(id: string): boolean {
    const isThere = this.#drop(id);
    if (isThere) this.changed();
    return isThere;
  }

  passing(name: string): readonly RegisteredService[] {
    return this.services.filter(
      ({ fields, checks }) =>
        fields.Name === name && [...checks.values()].every(({ status }) => status === 'passing'),
    );
  }

  changed(): void {
    this.index += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves with the next change, or after so many milliseconds. */
  async nextChange(waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    this.#waiting.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }

  /** An agent without a data folder, that was started again: nothing is left, and counting begins anew. */
  forget(): void {
    for (const id of [...this.#services.keys()]) this.#drop(id);
    this.changed();
    this.index = 1;
  }

  close(): void {
    clearInterval(this.#reaper);
    this.forget();
  }

  #drop(id: string): boolean {
    for (const check of this.#services.get(id)?.checks.values() ?? []) check.close();
    return this.#services.delete(id);
  }

  #reap(factor: number): void {
    for (const [id, { checks }] of this.#services) {
      const isDue = [...checks.values()].some(({ criticalSinceMs, fields }) => {
        const afterMs = readGoDuration(fields.DeregisterCriticalServiceAfter);
        if (criticalSinceMs === undefined || afterMs === undefined) return false;
        return performance.now() - criticalSinceMs > Math.max(afterMs, 60_000) / factor;
      });
      if (isDue) this.deregister(id);
    }
  }
}
