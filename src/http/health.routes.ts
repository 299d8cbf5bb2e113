/** `/health`: the process runs. `/ready`: it can take calls, or what is wrong. */
import { Elysia, t } from 'elysia';

/** Resolves when the part works; rejects with what is wrong with it. */
export type ReadinessCheck = () => Promise<void>;

export interface HealthOptions {
  readonly serviceName: string;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
}

const State = t.Union([t.Literal('ok'), t.String({ description: 'what is wrong' })]);

export function healthRoutes({ serviceName, checks }: HealthOptions) {
  return new Elysia({ name: 'health', tags: ['Operations'] })
    .get('/health', () => ({ status: 'healthy' as const, service: serviceName }), {
      response: t.Object(
        { status: t.Literal('healthy'), service: t.String() },
        { examples: [{ status: 'healthy', service: 'recording-service' }] },
      ),
      detail: {
        summary: 'Whether the process runs',
        description: 'Asks nothing of its parts: it says `healthy` while the database is away, too.',
        security: [],
      },
    })
    .get(
      '/ready',
      async ({ status }) => {
        const results = await Promise.all(Object.entries(checks).map(runCheck));
        const body = { checks: Object.fromEntries(results) };
        return results.every(([, result]) => result === 'ok')
          ? { status: 'ready' as const, ...body }
          : status(503, { status: 'unready' as const, ...body });
      },
      {
        response: {
          200: t.Object(
            { status: t.Literal('ready'), checks: t.Record(t.String(), State) },
            { examples: [{ status: 'ready', checks: { database: 'ok', workers: 'ok', draining: 'ok' } }] },
          ),
          503: t.Object(
            { status: t.Literal('unready'), checks: t.Record(t.String(), State) },
            {
              examples: [
                {
                  status: 'unready',
                  checks: { database: 'ok', workers: 'ok', draining: 'the server is stopping' },
                },
              ],
            },
          ),
        },
        detail: {
          summary: 'Whether it can take calls, or what is wrong',
          description: 'Tries every part; 503 when one of them fails, or when the server stops.',
          security: [],
        },
      },
    );
}

async function runCheck([name, check]: [string, ReadinessCheck]): Promise<[string, string]> {
  try {
    await check();
    return [name, 'ok'];
  } catch (error) {
    return [name, error instanceof Error ? error.message : 'failed'];
  }
}
