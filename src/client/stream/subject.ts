/** Whom a token speaks for, as it says itself: addresses of streaming sessions name the user. */

/** The claim `sub`; empty when there is none. What the token is worth is for the server to tell. */
export function subjectOf(token: string): string {
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof claims !== 'object' || claims === null || !('sub' in claims)) return '';
    return typeof claims.sub === 'string' ? claims.sub : '';
  } catch {
    return '';
  }
}
