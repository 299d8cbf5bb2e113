/** The text of a body that has passed the gate. */
import { mediaType } from '../../http/index.ts';
import { AppError } from '../../lib/index.ts';

/** Longer than any description that is read. */
const MAX_LENGTH = 256 * 1024;

/** Throws `invalid_sdp` for none, and `too_large`. */
export function textOf(body: unknown): string {
  if (typeof body !== 'string' || body === '') throw new AppError('invalid_sdp', 'The body is empty.');
  if (body.length > MAX_LENGTH)
    throw new AppError('too_large', `The body is longer than ${MAX_LENGTH / 1024} KiB.`);
  return body;
}

/** Throws `unsupported_media_type`. */
export function demandType(request: Request, type: string): void {
  if (mediaType(request) !== type)
    throw new AppError('unsupported_media_type', `Send the body with Content-Type: ${type}.`);
}
