/** SQL that a library brings itself, with the customs of node-postgres, and without a trace when it fails. */
import type postgres from 'postgres';
import type { RawResult } from './database.ts';

const OID_JSON = 114;
const OID_JSONB = 3802;

/** The driver would turn a string that is JSON already into a JSON string. */
export const RAW_TYPES = {
  json: {
    to: OID_JSON,
    from: [OID_JSON, OID_JSONB],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  },
} satisfies Record<string, postgres.PostgresType>;

type RawClient = postgres.Sql<Record<string, unknown>>;
type Rows = Record<string, unknown>[];

/** Rejects with the driver's `PostgresError`. */
export async function executeRaw(
  client: RawClient,
  text: string,
  values: readonly unknown[],
): Promise<RawResult> {
  if (values.length > 0) return { rows: toRows(await client.unsafe(text, values.map(toParameter))) };
  const connection = await client.reserve();
  try {
    return { rows: toRows(await connection.unsafe(text)) };
  } catch (error) {
    // A failed `BEGIN; …; COMMIT` leaves its connection in a failed transaction. Where none is open this is a warning.
    await connection.unsafe('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    connection.release();
  }
}

/** The rows of one result, or of all the results of a text with several statements. */
function toRows(result: Iterable<unknown>): Rows {
  const rows: Rows = [];
  for (const item of result) {
    if (Array.isArray(item)) rows.push(...toRows(item));
    else if (isRow(item)) rows.push({ ...item });
  }
  return rows;
}

function isRow(item: unknown): item is Record<string, unknown> {
  return typeof item === 'object' && item !== null;
}

function toParameter(value: unknown): postgres.ParameterOrJSON<never> {
  return (value ?? null) as postgres.ParameterOrJSON<never>;
}
