/** What WHIP and WHEP ask of every request before anything else: that its body is SDP, and that `OPTIONS` tells which. */
import { Elysia } from 'elysia';
import { mediaType } from '../../http/index.ts';
import { AppError } from '../../lib/index.ts';
import { FRAGMENT_TYPE, SDP_TYPE } from './media-types.ts';

/** To be used before what answers `OPTIONS`: RFC 9725, section 4.2, wants `Accept-Post` in that answer, and no token for it. */
export function ingestGate() {
  return new Elysia({ name: 'ingest-gate' }).onRequest(({ request, set }) => {
    const place = placeOf(new URL(request.url).pathname);
    if (!place) return;
    if (place === 'endpoint') set.headers['accept-post'] = SDP_TYPE;
    else set.headers['accept-patch'] = `${FRAGMENT_TYPE}, ${SDP_TYPE}`;
    const types = place === 'endpoint' ? [SDP_TYPE] : [FRAGMENT_TYPE, SDP_TYPE];
    const hasBody = request.method === (place === 'endpoint' ? 'POST' : 'PATCH');
    if (hasBody && !types.includes(mediaType(request)))
      throw new AppError('unsupported_media_type', `Send the body with Content-Type: ${types.join(' or ')}.`);
  });
}

function placeOf(path: string): 'endpoint' | 'session' | undefined {
  const [protocol, first, second, ...rest] = path.split('/').slice(1);
  if ((protocol !== 'whip' && protocol !== 'whep') || !first || rest.length > 0) return undefined;
  if (first === 'sessions' && second) return 'session';
  return second === undefined || protocol === 'whep' ? 'endpoint' : undefined;
}
