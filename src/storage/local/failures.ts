/** What failures of the file system mean for who stores recordings, in words. */
import { AppError, wordsOfFileTrouble } from '../../lib/index.ts';

/** An `unavailable` that tells what is wrong and where, for what an operator can mend; anything else as it is. */
export function explain(error: unknown, root: string): unknown {
  const words = wordsOfFileTrouble(error);
  if (words === undefined) return error;
  return new AppError('unavailable', `The storage of recordings fails: ${words} (${root}).`, 'destination', {
    cause: error,
  });
}

/** An `unavailable` that tells what keeps this folder from being the one of recordings, and what to do. */
export function explainRoot(error: unknown, root: string): AppError {
  const words = wordsOfFileTrouble(error) ?? 'it cannot be made or opened';
  return new AppError(
    'unavailable',
    `The folder of recordings cannot be used: ${words} (${root}). Name one in RECORDING_OUTPUT_DIR that the server may make and write.`,
    'destination',
    { cause: error },
  );
}

/** The folder was there at the start. */
export function rootMissing(root: string): AppError {
  return new AppError(
    'unavailable',
    `The storage of recordings fails: its folder is not there any more (${root}).`,
    'destination',
  );
}

export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
