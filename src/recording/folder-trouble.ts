/** Failures of the disk on which recordings are captured and made, for those who wait for them. */
import { AppError, wordsOfFileTrouble } from '../lib/index.ts';

/** An `unavailable` that tells what is wrong, for what an operator can mend; anything else as it is. */
export function explainFolderTrouble(error: unknown): unknown {
  const words = wordsOfFileTrouble(error);
  if (words === undefined) return error;
  return new AppError('unavailable', `The disk of recordings fails: ${words}.`, 'server', { cause: error });
}
