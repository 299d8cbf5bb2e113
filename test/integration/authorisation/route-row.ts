/** What a row of the table of routes is: a request that is right in everything but perhaps the rights, and how it is answered. */
import type { Outcome, Rule } from './rule.ts';
import { FILE_NAME, GUEST_ID, type World } from './world.ts';

export interface RouteRow {
  /** As the app names it, without a slash at the end: `GET /video-calls/:id`. */
  readonly route: string;
  /** Told apart from other rows of the same route. */
  readonly when?: string;
  readonly rule: Rule;
  /** What it does when it is allowed leaves nothing to ask for: it gets a call of its own. */
  readonly needsOwnCall?: true;
  /** Takes away what came of it. */
  readonly after?: (world: World) => Promise<void>;
  readonly send: (world: World) => Promise<Outcome>;
}

interface RouteRequest {
  /** Default: that of the route. */
  readonly path?: (world: World) => string | Promise<string>;
  readonly body?: object;
  /** A body that is no JSON. */
  readonly text?: { readonly type: string; readonly content: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** What an answer of 2xx means. Default: `allow`. */
  readonly read?: (world: World, body: unknown) => Outcome;
}

type RowParts = Omit<RouteRow, 'route' | 'send'> & RouteRequest;

export function row(route: string, { path, body, text: plain, headers, read, ...parts }: RowParts): RouteRow {
  const [method = '', pattern = ''] = route.split(' ');
  return {
    route,
    ...parts,
    async send(world) {
      const { server, token } = world;
      const target = path ? await path(world) : fill(pattern, world);
      const response = await fetch(`${server.url}${target}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body && { 'content-type': 'application/json' }),
          ...(plain && { 'content-type': plain.type }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
        ...(plain && { body: plain.content }),
      });
      // Events go on without end: their beginning is enough.
      if (response.headers.get('content-type') === 'text/event-stream') {
        await response.body?.cancel();
        return 'allow';
      }
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
      const answer: unknown = isJson ? JSON.parse(text) : undefined;
      if (response.ok) return read?.(world, answer) ?? 'allow';
      return readRefusal(response.status, answer);
    },
  };
}

function fill(pattern: string, { roomId, recordingId }: World): string {
  return pattern
    .replace('/recordings/:id', `/recordings/${recordingId}`)
    .replace(':id', roomId)
    .replace(':userId', GUEST_ID)
    .replace(':recordingId', recordingId)
    .replace('files/*', `files/${FILE_NAME}`);
}

/** Throws for an answer that is no matter of rights: the request of the row was wrong, or the server is. */
export function readRefusal(status: number, body: unknown): Outcome {
  const { error: words, code } = body as { error: string; code?: string };
  const error = code ?? words;
  if (status === 401 && error === 'unauthenticated') return 'ask';
  if (status === 403 && error === 'forbidden') return 'deny';
  if (status === 404 && ['call_not_found', 'recording_not_found', 'session_not_found'].includes(error)) {
    return 'hide';
  }
  throw new Error(`${status} ${JSON.stringify(body)}`);
}
