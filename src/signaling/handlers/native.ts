/** For the messages of the native way: who negotiates otherwise cannot use them. */
import { AppError } from '../../lib/index.ts';
import type { NativeEndpoint } from '../../media/index.ts';
import type { Membership } from '../memberships.ts';

/** Throws `invalid_state`. */
export function nativeOf({ endpoint }: Membership): NativeEndpoint {
  if (endpoint.protocol === 'mediasoup') return endpoint;
  throw new AppError(
    'invalid_state',
    `This message is for those who joined with the protocol "mediasoup"; you joined with "${endpoint.protocol}".`,
  );
}
