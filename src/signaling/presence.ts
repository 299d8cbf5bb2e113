/** Who is in a call and what they publish, remembered so that one who was away can be told what became different. */
import type { Call, Participant } from '../engine/index.ts';
import type { Changes } from '../protocol/index.ts';

export interface Presence {
  readonly userIds: ReadonlySet<string>;
  readonly trackIds: ReadonlySet<string>;
}

/** Everyone and everything that `viewer` can see. */
export function presenceIn(call: Call, viewer: Participant): Presence {
  const others = call.visibleParticipants.filter((participant) => participant !== viewer);
  return {
    userIds: new Set(others.map(({ userId }) => userId)),
    trackIds: new Set(others.flatMap(({ publications }) => [...publications.keys()])),
  };
}

export function compare(before: Presence, now: Presence): Changes {
  return {
    participantsJoined: [...now.userIds].filter((userId) => !before.userIds.has(userId)),
    participantsLeft: [...before.userIds].filter((userId) => !now.userIds.has(userId)),
    tracksAdded: [...now.trackIds].filter((trackId) => !before.trackIds.has(trackId)),
    tracksClosed: [...before.trackIds].filter((trackId) => !now.trackIds.has(trackId)),
  };
}
