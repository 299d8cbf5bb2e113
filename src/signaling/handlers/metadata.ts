/** The bound on what participants may say about themselves. */
import { AppError } from '../../lib/index.ts';

/** Metadata is sent to everyone and kept; a page of text is enough. */
const MAX_METADATA_LENGTH = 4_096;

/** Throws `invalid_message` when it is longer, as JSON. */
export function checkMetadata(metadata: unknown): void {
  if (JSON.stringify(metadata ?? null).length > MAX_METADATA_LENGTH) {
    throw new AppError('invalid_message', `The metadata is longer than ${MAX_METADATA_LENGTH} characters.`);
  }
}
