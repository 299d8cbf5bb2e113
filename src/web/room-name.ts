/** Names of calls: the one in the address, or a new one that can be read out over a phone. */

const FIRST = [
  'amber',
  'brisk',
  'calm',
  'clear',
  'coral',
  'early',
  'gentle',
  'golden',
  'green',
  'keen',
  'lucky',
  'mellow',
  'quiet',
  'rapid',
  'silver',
  'sunny',
  'swift',
  'warm',
] as const;
const SECOND = [
  'birch',
  'brook',
  'cedar',
  'cliff',
  'comet',
  'delta',
  'falcon',
  'fjord',
  'garden',
  'harbor',
  'lagoon',
  'meadow',
  'maple',
  'otter',
  'pebble',
  'river',
  'summit',
  'willow',
] as const;

const ROOM_ID = /^[A-Za-z0-9_-]{1,64}$/;
const CALL_PATH = /^\/call\/([^/]+)\/?$/;

export function isRoomId(text: string): boolean {
  return ROOM_ID.test(text) && text !== 'ws';
}

export function roomIdOfPath(path: string): string | undefined {
  const roomId = CALL_PATH.exec(path)?.[1];
  return roomId !== undefined && isRoomId(roomId) ? roomId : undefined;
}

export function pathOfRoom(roomId: string): string {
  return `/call/${roomId}`;
}

export function randomRoomId(random: () => number = Math.random): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? 'call';
  return `${pick(FIRST)}-${pick(SECOND)}-${Math.floor(100 + random() * 900)}`;
}
