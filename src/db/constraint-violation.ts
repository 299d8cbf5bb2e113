/** Tells a repository which constraint refused its write. */
import postgres from 'postgres';

const CONSTRAINT_VIOLATION_CLASS = '23';

/** The name of the constraint or unique index that was violated, drizzle's wrapping seen through; else nothing. */
export function violatedConstraint(error: unknown): string | undefined {
  if (error instanceof postgres.PostgresError) {
    return error.code.startsWith(CONSTRAINT_VIOLATION_CLASS) ? error.constraint_name : undefined;
  }
  return error instanceof Error && error.cause !== undefined ? violatedConstraint(error.cause) : undefined;
}
