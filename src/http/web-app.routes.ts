/** Serves the page: the app itself at `/`, `/call/:roomId`, `/library`, `/phone`, `/watch/…` and `/stream/…`, and its hashed assets. */
import { Elysia } from 'elysia';
import type { WebBundle } from './web-bundle.ts';

export function webAppRoutes(bundle: WebBundle) {
  const index = () => new Response(bundle.index.body, { headers: bundle.index.headers });
  return new Elysia({ name: 'web-app', detail: { hide: true } })
    .get('/', index)
    .get('/call/:roomId', index)
    .get('/library', index)
    .get('/phone', index)
    .get('/stream', index)
    .get('/stream/:sessionId', index)
    .get('/watch/:roomId', index)
    .get('/watch/:roomId/:userId', index)
    .get('/assets/*', ({ request, status }) => {
      const asset = bundle.assets.get(new URL(request.url).pathname);
      if (!asset) return status(404, { error: 'not_found', message: 'There is no such file.' });
      const isUnchanged = request.headers.get('if-none-match') === asset.headers.etag;
      return isUnchanged
        ? new Response(null, { status: 304, headers: asset.headers })
        : new Response(asset.body, { headers: asset.headers });
    });
}
