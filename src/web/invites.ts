/** Invite links: made by the server for those who moderate, each for one guest. */
import { pathOfRoom } from './room-name.ts';
import { texts } from './texts.ts';

/** A link into this call for one more guest. Rejects when the server gives none. */
export async function createInviteLink(roomId: string, token: string): Promise<string> {
  return invite(roomId, { token, field: 'url' });
}

/** A token with which an encoder publishes into this call, and does nothing else. Rejects when the server gives none. */
export async function createBroadcastToken(roomId: string, token: string): Promise<string> {
  const guest = { name: texts.broadcast.guestName, permissions: { publish: ['microphone', 'camera'] } };
  return invite(roomId, { token, field: 'token', guest });
}

async function invite(
  roomId: string,
  { token, field, guest }: { token: string; field: 'url' | 'token'; guest?: object },
): Promise<string> {
  const response = await fetch(`/video-calls/${encodeURIComponent(roomId)}/invites`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(guest && { 'content-type': 'application/json' }) },
    ...(guest && { body: JSON.stringify(guest) }),
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const body: unknown = await response.json();
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
  if (typeof value === 'string') return value;
  throw new Error('The server gave no invitation.');
}

/** The address of the call: enough for who has a token of their own. */
export function linkOfRoom(roomId: string): string {
  return location.origin + pathOfRoom(roomId);
}
