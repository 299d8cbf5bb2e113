/** The phone as a participant of its call: says into it what the far end says, and hears everyone but itself. */
import { type Call, followTracks, Participant } from '../../engine/index.ts';
import { Emitter, type Listenable, newId } from '../../lib/index.ts';
import type { LegCodec, Publication } from '../../media/index.ts';
import type { LeaveReason } from '../../protocol/index.ts';
import { Leg } from '../leg/leg.ts';
import type { Source } from '../leg/source.ts';
import type { Ticker } from '../leg/ticker.ts';
import type { VoiceEncoder } from '../leg/voice-encoder.ts';
import { VOICE_ONLY } from './rights.ts';
import type { EndReason } from './status.ts';

/** How a phone meets the other tracks of its room. */
export interface Bridge {
  readonly codec: LegCodec;
  makeEncoder(): VoiceEncoder;
  /** Undefined for a track that no phone can hear. */
  makeSource(publication: Publication): Source | undefined;
}

export interface PhoneMemberOptions {
  readonly call: Call;
  readonly userId: string;
  readonly name: string;
  readonly bridge: Bridge;
  readonly ticker: Ticker;
}

interface PhoneMemberEvents extends Record<string, unknown> {
  /** It is not in the call any more, and nobody here wanted that. At most once. */
  closed: EndReason;
  /** Its voice was cut off. */
  cutOff: undefined;
  digit: string;
}

export class PhoneMember {
  readonly leg: Leg;
  readonly participant: Participant;
  readonly #emitter = new Emitter<PhoneMemberEvents>();
  #isClosed = false;

  /** In the call from then on. Rejects with `unavailable`, `call_full`, `call_ended`, `call_locked`. */
  static async create({ call, userId, name, bridge, ticker }: PhoneMemberOptions): Promise<PhoneMember> {
    call.checkRoomFor(userId, VOICE_ONLY);
    const endpoint = call.room.createLegEndpoint(userId, bridge.codec);
    const participant = new Participant({
      id: newId(),
      userId,
      name,
      metadata: { phone: true },
      permissions: VOICE_ONLY,
      endpoint,
      // There is no line to it.
      tell: () => {},
    });
    try {
      await endpoint.open();
      call.admit(participant);
    } catch (error) {
      participant.close('left');
      throw error;
    }
    const encoder = bridge.makeEncoder();
    const makeSource = (publication: Publication) => bridge.makeSource(publication);
    const leg = new Leg({ endpoint, ticker, encoder, makeSource });
    return new PhoneMember(call, participant, leg);
  }

  private constructor(call: Call, participant: Participant, leg: Leg) {
    this.participant = participant;
    this.leg = leg;
    followTracks(call, participant, (publication) => {
      if (publication.kind === 'audio') leg.hear(publication);
    });
    leg.events.on('cutOff', () => this.#emitter.emit('cutOff', undefined));
    leg.events.on('digit', (digit) => this.#emitter.emit('digit', digit));
    participant.events.on('closed', (reason) => {
      leg.close();
      if (!this.#isClosed) this.#emitter.emit('closed', toEndReason(reason));
      this.#emitter.removeAll();
    });
  }

  get events(): Listenable<PhoneMemberEvents> {
    return this.#emitter;
  }

  /** Twice is no error. */
  close(): void {
    this.#isClosed = true;
    this.participant.close('left');
  }
}

function toEndReason(reason: LeaveReason): EndReason {
  return reason === 'removed' ? 'removed' : 'call-ended';
}
