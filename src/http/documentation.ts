/** `/openapi`: every route with its schemas, for people and for programs. */
import { openapi } from '@elysiajs/openapi';
import { OptionalKind, type TSchema } from '@sinclair/typebox';
import { Elysia } from 'elysia';

const PATH = '/openapi';
const SPECIFICATION_PATH = `${PATH}/json`;

interface Operation {
  requestBody?: { readonly required: boolean; readonly content: object };
}

interface Specification {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly hooks?: { readonly body?: unknown };
}

/** `routes` gives all that there are, at the time when somebody reads. */
export function documentation(routes: () => readonly Route[]) {
  const pages = openapi({
    path: PATH,
    specPath: SPECIFICATION_PATH,
    documentation: {
      info: {
        title: 'Kaa',
        version: '0.1.0',
        description: 'A real-time media server: calls, recording, ingest, relay.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ bearer: [] }],
    },
  });
  return new Elysia({ name: 'documentation' })
    .onAfterHandle(({ path, responseValue }) => {
      if (path === SPECIFICATION_PATH) {
        describeBodies(responseValue as Specification, routes());
      }
    })
    .use(pages);
}

/**
 * The plugin leaves out the bodies of routes with a parser that is a function, and all of ours have one (`limitBodies`); it
 * also calls every body required. Ours are JSON.
 */
function describeBodies({ paths }: Specification, routes: readonly Route[]): void {
  for (const { method, path, hooks } of routes) {
    const operation = paths[path.replace(/:([^/]+)/g, '{$1}')]?.[method.toLowerCase()];
    if (!operation?.requestBody || !isSchema(hooks?.body)) continue;
    operation.requestBody = {
      required: !(OptionalKind in hooks.body),
      content: { 'application/json': { schema: hooks.body } },
    };
  }
}

function isSchema(body: unknown): body is TSchema {
  return typeof body === 'object' && body !== null;
}
