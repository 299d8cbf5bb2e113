/** Invite links: made by the server for those who moderate, each for one guest. */
import { pathOfRoom } from './room-name.ts';

/** A link into this call for one more guest. Rejects when the server gives none. */
export async function createInviteLink(roomId: string, token: string): Promise<string> {
  const response = await fetch(`/video-calls/${encodeURIComponent(roomId)}/invites`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const body: unknown = await response.json();
  if (typeof body === 'object' && body !== null && 'url' in body && typeof body.url === 'string')
    return body.url;
  throw new Error('The server gave no link.');
}

/** The address of the call: enough for who has a token of their own. */
export function linkOfRoom(roomId: string): string {
  return location.origin + pathOfRoom(roomId);
}
