/** `/stats` and `/stats/events`: what the whole server does, for admins. */
import { Type } from '@sinclair/typebox';
import { Elysia } from 'elysia';
import { authPlugin, type Identity, seesAllCalls, type Tokens } from '../auth/index.ts';
import { eventStream } from '../http/index.ts';
import { AppError } from '../lib/index.ts';
import type { ServerStats } from './video-calling-service.ts';

/** What the relay of streaming sessions does; totals are since the server started. */
export interface StreamNumbers {
  readonly sources: number;
  readonly operators: number;
  readonly frames: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly slowClosed: number;
}

/** What becomes of phone calls; totals are since the server started. */
export interface PhoneNumbers {
  readonly active: number;
  readonly begun: number;
  readonly notTaken: number;
  readonly completed: number;
  readonly failed: number;
  readonly talkedSeconds: number;
}

export interface ServerStatsRoutesDeps {
  readonly read: () => ServerStats & { readonly streams: StreamNumbers; readonly phone: PhoneNumbers };
  readonly tokens: Tokens;
}

const INTERVAL_MS = 2_000;

const Unmeasured = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const STATS_EXAMPLE = {
  rooms: 3,
  participants: 11,
  recordings: 1,
  workers: [{ pid: 4711, cpu: 0.42, memoryBytes: 23_068_672, routers: 3, consumers: 96 }],
  streams: {
    sources: 2,
    operators: 31,
    frames: 5_400,
    bytesIn: 353_894_400,
    bytesOut: 5_485_363_200,
    slowClosed: 1,
  },
  phone: { active: 2, begun: 57, notTaken: 1, completed: 49, failed: 6, talkedSeconds: 7_350 },
};

const Stats = Type.Object(
  {
    rooms: Type.Integer({ description: 'calls that live' }),
    participants: Type.Integer({ description: 'people in them; hidden ones do not count' }),
    recordings: Type.Integer({ description: 'recordings that run' }),
    workers: Type.Array(
      Type.Object({
        pid: Type.Integer(),
        cpu: Unmeasured('cores that it kept busy in the last seconds; null before it was measured'),
        memoryBytes: Unmeasured('resident memory'),
        routers: Type.Integer(),
        consumers: Type.Integer({ description: 'streams that it sends out' }),
      }),
    ),
    streams: Type.Object(
      {
        sources: Type.Integer({ description: 'sessions whose source is connected' }),
        operators: Type.Integer({ description: 'operators that are connected' }),
        frames: Type.Integer({ description: 'messages that came from sources' }),
        bytesIn: Type.Integer({ description: 'their bytes' }),
        bytesOut: Type.Integer({ description: 'bytes that were handed to operators' }),
        slowClosed: Type.Integer({ description: 'operators that were closed because they read too slowly' }),
      },
      { description: 'streaming sessions; totals are since the server started' },
    ),
    phone: Type.Object(
      {
        active: Type.Integer({ description: 'calls that have not ended' }),
        begun: Type.Integer({ description: 'calls that were to be dialled' }),
        notTaken: Type.Integer({
          description: 'of them, those that could not be made: an error of the provider, or of the server',
        }),
        completed: Type.Integer({ description: 'calls that have ended well, or by their caller' }),
        failed: Type.Integer({ description: 'calls that nobody answered, for whatever reason' }),
        talkedSeconds: Type.Integer({ description: 'from answers to ends; with completed, the average' }),
      },
      { description: 'phone calls; totals are since the server started' },
    ),
  },
  { examples: [STATS_EXAMPLE] },
);

export function serverStatsRoutes({ read, tokens }: ServerStatsRoutesDeps) {
  return new Elysia({ name: 'server-stats', prefix: '/stats', tags: ['Operations'] })
    .use(authPlugin(tokens))
    .get(
      '/',
      ({ identity }) => {
        demandAdmin(identity);
        return describe(read());
      },
      {
        response: Stats,
        detail: {
          summary: 'What the server does now',
          description: 'For admins. What the workers cost is a few seconds old at most.',
        },
      },
    )
    .get(
      '/events',
      ({ identity, request, server }) => {
        demandAdmin(identity);
        return eventStream({
          request,
          server,
          start: (say) => {
            say('stats', read());
            const timer = setInterval(() => say('stats', read()), INTERVAL_MS);
            return () => clearInterval(timer);
          },
        });
      },
      {
        detail: {
          summary: 'The same, every two seconds, as server-sent events',
          description: 'For admins. Events are called `stats`; try it with `curl -N`.',
          responses: {
            200: {
              description: 'Events without end',
              content: {
                'text/event-stream': {
                  schema: { type: 'string' },
                  example: `event: stats\ndata: ${JSON.stringify(STATS_EXAMPLE)}\n\n`,
                },
              },
            },
          },
        },
      },
    );
}

function describe({ workers, ...stats }: ReturnType<ServerStatsRoutesDeps['read']>) {
  return { ...stats, workers: [...workers] };
}

function demandAdmin(identity: Identity): void {
  if (!seesAllCalls(identity)) throw new AppError('forbidden', 'Only an admin may see what the server does.');
}
