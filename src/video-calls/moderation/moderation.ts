/** Mutes and removes people in a live call, for its moderators. */
import { type Identity, seesHidden } from '../../auth/index.ts';
import type { Participant } from '../../engine/index.ts';
import { AppError } from '../../lib/index.ts';
import type { MediaKind, Participant as WireParticipant } from '../../protocol/index.ts';
import type { CallFinder } from '../call-finder.ts';

/** Whom a request means. */
export interface Target {
  readonly roomId: string;
  readonly userId: string;
}

export class Moderation {
  readonly #finder: CallFinder;

  constructor(finder: CallFinder) {
    this.#finder = finder;
  }

  /** Pauses the microphone or the camera of a participant; others are told. The participant may unmute again. Throws `not_found`. */
  async mute(identity: Identity, target: Target, kind: MediaKind): Promise<WireParticipant> {
    const participant = await this.#find(identity, target);
    await participant.mute(kind);
    return participant.describe();
  }

  /** Sends a participant out of the call; it may join again, as far as it may join at all. Throws `not_found`. */
  async remove(identity: Identity, target: Target): Promise<void> {
    const participant = await this.#find(identity, target);
    participant.close('removed');
  }

  async #find(identity: Identity, { roomId, userId }: Target): Promise<Participant> {
    const { live } = await this.#finder.moderated(identity, roomId);
    const participant = live?.participants.get(userId);
    if (!participant || (participant.isHidden && !seesHidden(identity))) {
      throw new AppError('not_found', `"${userId}" is not in the call.`);
    }
    return participant;
  }
}
