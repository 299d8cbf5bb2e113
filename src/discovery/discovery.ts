/** This server at Consul: that others find it, and that it finds them. */
import type { ConsulConfig } from '../config/index.ts';
import type { Logger } from '../observability/index.ts';
import { ConsulAgent } from './agent.ts';
import { Instances, type WatchState } from './instances.ts';
import { ownAddress } from './own-address.ts';
import type { Instance } from './passing.ts';
import { Registration } from './registration.ts';
import { defineService, type Listeners } from './service-definition.ts';

export interface DiscoveryDeps {
  /** Absent: Consul is not used, and everything here does nothing. */
  readonly config: ConsulConfig | undefined;
  readonly serviceName: string;
  readonly logger: Logger;
}

export interface FoundInstances {
  readonly consul: 'off' | WatchState;
  readonly instances: readonly (Instance & { readonly isThis: boolean })[];
}

interface Running {
  readonly id: string;
  readonly registration: Registration;
  readonly instances: Instances;
}

export class Discovery {
  readonly #deps: DiscoveryDeps;
  #running: Running | undefined;

  constructor(deps: DiscoveryDeps) {
    this.#deps = deps;
  }

  /** To be called once, when the server listens. Returns at once, whether Consul is there or not. */
  start(listeners: Listeners): void {
    const { config, serviceName, logger } = this.#deps;
    if (config === undefined) return;
    const { service } = config;
    const id = service.id ?? `${serviceName}-${service.hostname}-${listeners.http.port}`;
    const address = service.address ?? ownAddress(listeners.http.host);
    const agent = new ConsulAgent(config);
    const definition = defineService(
      { name: serviceName, id, address, tags: service.tags },
      listeners,
      config,
    );
    this.#running = {
      id,
      registration: new Registration({ agent, service: definition, ttlMs: config.checkTtlMs, logger }),
      instances: new Instances({ agent, serviceName, logger }),
    };
  }

  read(): FoundInstances {
    if (this.#deps.config === undefined) return { consul: 'off', instances: [] };
    if (this.#running === undefined) return { consul: 'connecting', instances: [] };
    const { id, instances } = this.#running;
    return {
      consul: instances.state,
      instances: instances.list.map((instance) => ({ ...instance, isThis: instance.id === id })),
    };
  }

  /** Takes the server off Consul's list; over within seconds, whatever Consul does. Never rejects; twice is no error. */
  async close(): Promise<void> {
    await Promise.all([this.#running?.registration.close(), this.#running?.instances.close()]);
  }
}
