/** Who is in the call, as the list of people shows them: raised hands first, in the order in which they were raised. */
import type { AppState } from '../state.ts';

export interface PersonView {
  readonly userId: string;
  readonly name: string;
  readonly isSelf: boolean;
  readonly isMuted: boolean;
  readonly isConnected: boolean;
  /** 1 for whoever raised their hand first; null while it is down. */
  readonly handPlace: number | null;
}

type Raised = Omit<PersonView, 'handPlace'> & { readonly handRaisedAt: Date | null };

export function peopleOf(state: AppState): PersonView[] {
  const everyone: Raised[] = [ownView(state), ...othersOf(state)];
  const hands = everyone
    .flatMap((person) => (person.handRaisedAt ? [{ ...person, at: person.handRaisedAt.getTime() }] : []))
    .sort((a, b) => a.at - b.at)
    .map(({ userId }) => userId);
  const placed = everyone.map(({ handRaisedAt, ...person }) => ({
    ...person,
    handPlace: handRaisedAt ? hands.indexOf(person.userId) + 1 : null,
  }));
  // Sorting is stable: everybody else stays in the order in which they came, we ourselves first.
  return placed.sort((a, b) => (a.handPlace ?? placed.length + 1) - (b.handPlace ?? placed.length + 1));
}

function ownView({ userId, name, microphone, connection, handRaisedAt }: AppState): Raised {
  return {
    userId,
    name,
    isSelf: true,
    isMuted: !microphone.isOn || !microphone.track,
    isConnected: connection.status === 'connected',
    handRaisedAt,
  };
}

function othersOf({ participants }: AppState): Raised[] {
  return participants.map(({ userId, name, isConnected, handRaisedAt, tracks }) => {
    const microphone = tracks.findLast(({ source }) => source === 'microphone');
    return {
      userId,
      name,
      isSelf: false,
      isMuted: !microphone || microphone.isPaused,
      isConnected,
      handRaisedAt,
    };
  });
}
