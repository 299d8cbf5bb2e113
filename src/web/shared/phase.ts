/** What a server is doing with a recording, in words. */
import { texts } from '../texts.ts';

const WORDS: ReadonlyMap<string, string> = new Map(Object.entries(texts.recording.phases));

/** A newer server may have phases that this page does not know. */
export function describePhase(phase: string | null): string {
  return WORDS.get(phase ?? '') ?? texts.recording.otherPhase;
}
