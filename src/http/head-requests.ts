/**
 * HEAD is answered as GET would be, without the body (RFC 9110, section 9.3.2). By itself the framework reads that body to its
 * end to count it: of a film for minutes, of events for ever.
 */
import { Elysia } from 'elysia';

/** `get` answers a request of the whole app. */
export function headRequests(get: (request: Request) => Promise<Response>) {
  return new Elysia({ name: 'head-requests' }).onRequest(async ({ request }) => {
    if (request.method !== 'HEAD') return;
    const { headers, signal } = request;
    const answer = await get(new Request(request.url, { headers, signal }));
    await answer.body?.cancel();
    return new Response(null, { status: answer.status, headers: answer.headers });
  });
}
