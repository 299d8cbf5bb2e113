/** Why a session description is not taken. */
import { AppError } from '../../lib/index.ts';

export function invalidSdp(reason: string): AppError {
  return new AppError('invalid_sdp', `The session description cannot be used: ${reason}`);
}

export function unsupportedCodec(reason: string): AppError {
  return new AppError('unsupported_codec', reason);
}
