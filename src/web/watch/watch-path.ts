/** What the address of the player says: which call, and whom of it. */
import { isRoomId } from '../room-name.ts';

const PATH = /^\/watch\/([^/]+)(?:\/([A-Za-z0-9_.@-]{1,128}))?\/?$/;

export interface Watched {
  readonly roomId: string;
  /** Undefined: who speaks. */
  readonly userId: string | undefined;
}

export function watchedOfPath(path: string): Watched | undefined {
  const [, roomId, userId] = PATH.exec(path) ?? [];
  return roomId !== undefined && isRoomId(roomId) ? { roomId, userId } : undefined;
}

export function pathOfWatching(roomId: string): string {
  return `/watch/${roomId}`;
}
