/** What `app.ts` knows of a feature: what it is wired to, what it serves, and how it ends. */
import type { AnyElysia } from 'elysia';
import type { Config } from '../config/index.ts';
import type { Logger } from '../observability/index.ts';
import type { Core } from './core.ts';

/** What every feature is wired to; each takes the little that it needs. */
export interface ServerParts extends Core {
  readonly config: Config;
  readonly logger: Logger;
}

/** Ports on which the server listens; without `grpc` nobody listens for that. */
export interface Bound {
  readonly http: number;
  readonly grpc: number | undefined;
}

export interface Feature {
  readonly routes: readonly AnyElysia[];
  /** Goes on with what an earlier run left. Called once, when everything is wired and before anybody can ask. */
  start?(): Promise<void>;
  /** Tells others that the server stops, and waits for nobody; it is closed soon after. */
  announceDraining?(): void;
  /** To be called while the calls still live. */
  close?(): Promise<void>;
}
