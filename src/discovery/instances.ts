/** The instances of the service that Consul finds in good health, kept up to date by blocking queries. Owns the loop that asks. */
import type { Logger } from '../observability/index.ts';
import type { ConsulAgent } from './agent.ts';
import { nextIndex } from './next-index.ts';
import type { Instance } from './passing.ts';
import { backoffMs, pause } from './pause.ts';

const WAIT_MS = 60_000;
/** Between two answers: what changes without end must not keep us busy. */
const REST_MS = 250;
const MAX_PAUSE_MS = 30_000;

export type WatchState = 'connecting' | 'connected' | 'away';

export interface InstancesOptions {
  readonly agent: ConsulAgent;
  readonly serviceName: string;
  readonly logger: Logger;
}

export class Instances {
  readonly #options: InstancesOptions;
  readonly #ending = new AbortController();
  readonly #loop: Promise<void>;
  #state: WatchState = 'connecting';
  #list: readonly Instance[] = [];

  /** Returns at once. While Consul is away the last list stays. */
  constructor(options: InstancesOptions) {
    this.#options = options;
    this.#loop = this.#watch();
  }

  get state(): WatchState {
    return this.#state;
  }

  /** This server among them, once its checks pass. */
  get list(): readonly Instance[] {
    return this.#list;
  }

  /** Twice is no error. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#loop;
  }

  async #watch(): Promise<void> {
    const { agent, serviceName, logger } = this.#options;
    const { signal } = this.#ending;
    let index = 0;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const answer = await agent.passing(serviceName, { index, waitMs: WAIT_MS, signal });
        index = nextIndex(index, answer.index);
        failures = 0;
        this.#state = 'connected';
        this.#take(answer.instances);
        await pause(REST_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        // What it knows when it is back may be anything: asked for without an index, it tells at once.
        index = 0;
        failures += 1;
        if (this.#state !== 'away') logger.warn({ err: error }, 'Consul does not tell of other instances');
        this.#state = 'away';
        await pause(backoffMs(failures, MAX_PAUSE_MS), signal);
      }
    }
  }

  #take(instances: readonly Instance[]): void {
    const { logger } = this.#options;
    const before = new Set(this.#list.map(({ id }) => id));
    const now = new Set(instances.map(({ id }) => id));
    for (const instance of instances) {
      if (!before.has(instance.id)) logger.info({ instance }, 'an instance is in good health');
    }
    for (const id of before.difference(now)) {
      logger.info({ id }, 'an instance is gone, or in bad health');
    }
    this.#list = instances;
  }
}
