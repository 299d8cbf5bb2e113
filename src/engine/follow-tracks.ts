/** Shows one participant every track of the others, those that are there and those that come. */
import type { Unsubscribe } from '../lib/index.ts';
import type { Publication } from '../media/index.ts';
import type { Call } from './call.ts';
import type { Participant } from './participant.ts';

/** Until `self` leaves. A track that is published again after its worker died is shown again. */
export function followTracks(call: Call, self: Participant, show: (publication: Publication) => void): void {
  /** By participant: those who left are forgotten, with whatever they would still say. */
  const following = new Map<Participant, Unsubscribe>();
  const follow = (other: Participant) => {
    if (other === self) return;
    following.set(other, other.events.on('published', show));
    for (const publication of other.publications.values()) show(publication);
  };
  for (const other of call.participants.values()) follow(other);
  const stops = [
    call.events.on('participantJoined', follow),
    call.events.on('participantLeft', ({ participant }) => following.delete(participant)),
  ];
  self.events.on('closed', () => {
    for (const stop of [...stops, ...following.values()]) stop();
    following.clear();
  });
}
