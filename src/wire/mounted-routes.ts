/** Wires the routes of calls for an app that is not ours: with their errors and checks, which its own routes do not get. */
import { type AnyElysia, Elysia } from 'elysia';
import { toUnavailable } from '../db/index.ts';
import { fitInput, httpErrors } from '../http/index.ts';
import type { Logger } from '../observability/index.ts';

/** An Elysia plugin. */
export type MountedRoutes = AnyElysia;

export interface MountedRoutesOptions {
  /** Throws when nothing can be asked any more: the app may outlive what is mounted in it. */
  readonly demandOpen: () => void;
  readonly logger: Logger;
}

export function mountedRoutes(
  routes: readonly AnyElysia[],
  { demandOpen, logger }: MountedRoutesOptions,
): MountedRoutes {
  const app = new Elysia({ name: 'kaa-calls' })
    .use(httpErrors(logger, { as: 'scoped', explain: toUnavailable }))
    .use(fitInput('scoped'))
    .onTransform(demandOpen);
  for (const route of routes) app.use(route);
  return app;
}
