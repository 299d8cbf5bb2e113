/**
 * Keeps one server registered at Consul: registers it, says in time that it lives, registers it again when Consul was away or has
 * forgotten it, and takes it off at the end. Owns the loop that does so.
 */
import type { Logger } from '../observability/index.ts';
import { type ConsulAgent, ConsulRefusal } from './agent.ts';
import { backoffMs, pause } from './pause.ts';
import { aliveCheckId, type ServiceDefinition } from './service-definition.ts';

/** A Consul that does not answer must not keep a server from stopping. */
const GOODBYE_MS = 2_000;
/** One that comes back is noticed within this time. */
const MAX_PAUSE_MS = 10_000;
/** Of three words that are due within the TTL, two may be lost. */
const WORDS_PER_TTL = 3;

export interface RegistrationOptions {
  readonly agent: ConsulAgent;
  readonly service: ServiceDefinition;
  readonly ttlMs: number;
  readonly logger: Logger;
}

export class Registration {
  readonly #options: RegistrationOptions;
  readonly #ending = new AbortController();
  readonly #loop: Promise<void>;
  #isRegistered = false;
  /** Something of ours may be there, even when no answer came. */
  #mayBeThere = false;
  #failures = 0;
  #lastFailure = '';
  #closed: Promise<void> | undefined;

  /** Returns at once; what fails is logged, once for each reason, and tried again. */
  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#loop = this.#keep();
  }

  /** Takes the server off the list, and gives up after two seconds. Never rejects; twice is no error. */
  close(): Promise<void> {
    this.#closed ??= this.#leave();
    return this.#closed;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#ending;
    const untilNextWordMs = this.#options.ttlMs / WORDS_PER_TTL;
    while (!signal.aborted) {
      try {
        await this.#sayWord();
        await pause(untilNextWordMs, signal);
      } catch (error) {
        this.#noteFailure(error);
        await pause(backoffMs(this.#failures, Math.min(untilNextWordMs, MAX_PAUSE_MS)), signal);
      }
    }
  }

  async #sayWord(): Promise<void> {
    const { agent, service } = this.#options;
    if (!this.#isRegistered) {
      await this.#register('registered at Consul');
    } else {
      try {
        await agent.pass(aliveCheckId(service.ID));
      } catch (error) {
        if (!(error instanceof ConsulRefusal && error.isUnknown)) throw error;
        this.#isRegistered = false;
        await this.#register('Consul had forgotten this server: registered again');
      }
    }
    if (this.#failures > 0) this.#options.logger.info({ failures: this.#failures }, 'Consul answers again');
    this.#failures = 0;
    this.#lastFailure = '';
  }

  async #register(message: string): Promise<void> {
    const { agent, service, logger } = this.#options;
    this.#mayBeThere = true;
    await agent.register(service);
    this.#isRegistered = true;
    logger.info(
      { service: service.Name, id: service.ID, address: service.Address, port: service.Port },
      message,
    );
  }

  #noteFailure(error: unknown): void {
    this.#failures += 1;
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === this.#lastFailure) return;
    this.#lastFailure = reason;
    this.#options.logger.warn({ err: error }, 'Consul does not take this server; it is tried again');
  }

  async #leave(): Promise<void> {
    const { agent, service, logger } = this.#options;
    this.#ending.abort();
    // A registration on its way would come after the goodbye.
    const patience = new AbortController();
    await Promise.race([this.#loop, pause(GOODBYE_MS, patience.signal)]);
    patience.abort();
    if (!this.#mayBeThere) return;
    try {
      await agent.deregister(service.ID, GOODBYE_MS);
      logger.info({ id: service.ID }, 'deregistered at Consul');
    } catch (error) {
      logger.warn({ err: error }, 'Consul was not told that this server stops; its check will tell');
    }
  }
}
