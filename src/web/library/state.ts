/** What the library knows: everything that is drawn there follows from this. */
import type { Recording } from '../../client/index.ts';

/** One of the list, and what is being done to it here. */
export interface RecordingEntry {
  readonly recording: Recording;
  /** Asked for, and not answered yet. */
  readonly isBusy: boolean;
  /** Why what was asked last did not work; null when it did. */
  readonly problem: string | null;
}

export interface LibraryState {
  /** Undefined until it was read once. */
  readonly entries: readonly RecordingEntry[] | undefined;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  readonly isLoading: boolean;
  /** Why the list could not be read. */
  readonly problem: string | null;
  /** The one that is played. */
  readonly player: Recording | null;
  /** What is asked before it is deleted. */
  readonly deleting: Recording | null;
  /** For screen readers. */
  readonly announcement: string;
}

export function initialLibraryState(page: number): LibraryState {
  return {
    entries: undefined,
    page,
    pages: 0,
    total: 0,
    isLoading: true,
    problem: null,
    player: null,
    deleting: null,
    announcement: '',
  };
}
