/** Keeps what one viewer is shown up to date, for as long as they watch: the active speaker of a call, or one participant. */
import { type Call, followTracks, type Participant } from '../../engine/index.ts';
import type { ViewerEndpoint } from '../../media/index.ts';
import { pickStage, type Shown, tracksOf } from './pick.ts';

export interface Watching {
  readonly call: Call;
  /** The viewer. */
  readonly participant: Participant;
  readonly endpoint: ViewerEndpoint;
  /** Whom they watch; undefined: who speaks. */
  readonly userId: string | undefined;
}

export function followStage({ call, participant, endpoint, userId }: Watching): void {
  let shown: Shown = {};
  const look = () => {
    shown = pickShown(call, { userId, before: shown });
    endpoint.show('audio', shown.audio);
    endpoint.show('video', shown.video);
  };
  followTracks(call, participant, (publication) => {
    // The participant forgets it first, and then this is called.
    publication.events.on('closed', look);
    look();
  });
  const stop = call.room.events.on('activeSpeakerChanged', look);
  participant.events.on('closed', stop);
}

/** What one who begins to watch now would be shown. */
export function pickShown(
  call: Call,
  { userId, before = {} }: { readonly userId: string | undefined; readonly before?: Shown },
): Shown {
  const publishers = call.visibleParticipants;
  if (userId === undefined) return pickStage({ publishers, activeSpeaker: call.room.activeSpeaker, before });
  const watched = publishers.find((other) => other.userId === userId);
  return watched ? tracksOf(watched) : {};
}
