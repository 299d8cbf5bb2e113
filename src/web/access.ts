/** Where the page's token comes from: an invitation in the address, the development server, or a sign-in elsewhere. */
import { texts } from './texts.ts';

const TOKEN_KEY = 'kaa.token';

/** Why no token could be had, in words for the person. */
export class AccessError extends Error {
  override name = 'AccessError';
}

export interface Guest {
  readonly name: string;
  readonly userId: string;
}

/** Takes `#token=…` out of the address bar, where it could be read over a shoulder or copied along with a link. */
export function takeInvitation(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  try {
    // Kept for this tab, so that reloading it does not lose the invitation.
    sessionStorage.setItem(TOKEN_KEY, token);
  } catch {
    invitation = token;
  }
  history.replaceState(null, '', location.pathname + location.search);
}

/** Only where the browser refuses storage. */
let invitation: string | null = null;

export async function fetchToken(guest: Guest): Promise<string> {
  const token = invitedToken();
  if (token !== null) return token;
  const response = await requestGuestToken(guest);
  if (response.status === 404) return goSignIn();
  if (response.status === 403) throw new AccessError(texts.access.notHere);
  if (!response.ok) throw new AccessError(texts.access.unreachable);
  const body: unknown = await response.json();
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string') {
    return body.token;
  }
  throw new AccessError(texts.access.unreachable);
}

/** Whether another token can be had when this one ends: an invitation ends when it ends. */
export function canRenewToken(): boolean {
  return invitedToken() === null;
}

/** The server does not take it any more. */
export function forgetInvitation(): void {
  invitation = null;
  try {
    sessionStorage.removeItem(TOKEN_KEY);
  } catch {
    // Where nothing can be stored, nothing is.
  }
}

function invitedToken(): string | null {
  try {
    return sessionStorage.getItem(TOKEN_KEY);
  } catch {
    return invitation;
  }
}

async function requestGuestToken({ name, userId }: Guest): Promise<Response> {
  try {
    return await fetch('/auth/dev-token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, userId }),
    });
  } catch {
    throw new AccessError(texts.access.unreachable);
  }
}

function goSignIn(): Promise<never> {
  const authUrl = document.querySelector<HTMLMetaElement>('meta[name="kaa-auth-url"]')?.content;
  if (!authUrl) throw new AccessError(texts.access.needsInvite);
  location.assign(authUrl);
  // The page goes away; nothing may happen before it has.
  return new Promise(() => undefined);
}
