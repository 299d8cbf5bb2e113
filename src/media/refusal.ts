/** Turns what mediasoup throws into errors that say whose fault they are. */
import { AppError } from '../lib/index.ts';

/** Awaits a request to mediasoup. `what` begins the sentence that the caller is told, such as "The track cannot be published". */
export async function askMediasoup<T>(what: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw toAppError(what, error);
  }
}

/** What nobody foresaw stays as it is, so that it is logged as a fault of ours. */
function toAppError(what: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const refuse = (code: string) =>
    new AppError(code, `${what}: ${error.message}`, 'caller', { cause: error });
  switch (error.name) {
    case 'UnsupportedError':
      return refuse('unsupported_codec');
    case 'TypeError':
      return refuse('invalid_message');
    // Its object was closed after the request had left, by whoever owns it.
    case 'NotFoundError':
      return new AppError('not_found', `${what}: it is gone.`, 'caller', { cause: error });
    case 'WorkerClosedError':
      return new AppError('unavailable', `${what}: the media server restarts.`, 'server', { cause: error });
    default:
      return COLLISION.test(error.message) ? refuse('invalid_state') : error;
  }
}

/** An ssrc, mid, rid or stream id of something else on the same transport: these have no error class of their own. */
const COLLISION = /already exists in (RTP|SCTP) listener|no sctpStreamId available/;
