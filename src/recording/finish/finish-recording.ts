/** From the folder of a recording alone to its finished files. */
import { AppError } from '../../lib/index.ts';
import type { FinishOptions, FinishResult } from './result.ts';

/**
 * Can be killed anywhere and called again; a second call after the end gives the same files. One call at a time for a folder.
 * Rejects with `invalid_state` when nothing was captured, with the reason of the signal when that was aborted (every ffmpeg is
 * gone by then), else with `unavailable` or `internal` and what ffmpeg complained of.
 */
export async function finishRecording(_folder: string, _options: FinishOptions): Promise<FinishResult> {
  throw new AppError('unavailable', 'Recordings cannot be finished yet.', 'server');
}
