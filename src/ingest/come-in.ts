/** The step into a call, taken again when the call ends under it. */
import { AppError } from '../lib/index.ts';

/** Whoever comes a moment after the end finds the next call of that id, or none. */
export async function comeIn<T>(enter: () => Promise<T>): Promise<T> {
  return enter().catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === 'call_ended')) throw error;
    return enter();
  });
}
