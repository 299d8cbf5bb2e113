/** Why the library could not do something, in words that say what to do. */
import { LibraryError } from '../../client/index.ts';
import { AccessError } from '../access.ts';
import { texts } from '../texts.ts';

const WORDS: ReadonlyMap<string, string> = new Map(Object.entries(texts.library.problems));

/** Of what was asked of one recording. */
export function explainProblem(error: unknown): string {
  if (error instanceof AccessError) return error.message;
  if (error instanceof LibraryError) return WORDS.get(error.code) ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

/** Of the list itself. */
export function explainListProblem(error: unknown): string {
  const isForbidden = error instanceof LibraryError && error.code === 'forbidden';
  return isForbidden ? texts.library.forGuestsNot : explainProblem(error);
}

/** Whether it is not there any more, for whatever reason. */
export function isGone(error: unknown): boolean {
  return error instanceof LibraryError && error.code === 'recording_not_found';
}
