/** People whose camera and microphone are a clip that is sent as plain RTP into a call of this process. */
import { type Call, Participant } from '../../../src/engine/index.ts';
import { newId } from '../../../src/lib/index.ts';
import type { FeedEndpoint, Publication } from '../../../src/media/index.ts';
import { opusParameters, vp8Parameters } from '../rtp.ts';
import { type Clip, FRAMERATE } from './clip.ts';
import { RtpSender } from './rtp-sender.ts';

export interface FedTrack {
  readonly publication: Publication;
  readonly sender: RtpSender;
  /** Resolves when the whole clip was sent, or the sender was closed. */
  readonly done: Promise<void>;
}

export class FedPerson {
  readonly participant: Participant;
  readonly #feed: FeedEndpoint;
  readonly #senders: RtpSender[] = [];

  constructor(call: Call, userId: string, name = userId) {
    this.#feed = call.room.createFeedEndpoint(userId);
    this.participant = new Participant({
      id: newId(),
      userId,
      name,
      metadata: {},
      permissions: {
        publish: ['microphone', 'camera', 'screen'],
        subscribe: false,
        data: false,
        record: false,
        moderate: false,
        hidden: false,
        phone: false,
      },
      endpoint: this.#feed,
      tell: () => {},
    });
    call.admit(this.participant);
  }

  /** Begins to send at once. */
  async publish(source: 'microphone' | 'camera' | 'screen', clip: Clip): Promise<FedTrack> {
    const kind = source === 'microphone' ? 'audio' : 'video';
    const rtpParameters = kind === 'video' ? vp8Parameters() : opusParameters();
    const { publication, port } = await this.#feed.publish({ kind, source, rtpParameters });
    const [codec] = rtpParameters.codecs;
    const ssrc = rtpParameters.encodings?.[0]?.ssrc ?? 0;
    const sender = new RtpSender({
      port,
      ssrc,
      payloadType: codec?.payloadType ?? 0,
      clockRate: codec?.clockRate ?? 0,
    });
    this.#senders.push(sender);
    const done =
      kind === 'video' ? sender.sendVideo(clip.frames, FRAMERATE) : sender.sendAudio(clip.packets, 20);
    return { publication, sender, done };
  }

  /** Leaves, if it has not, and sends nothing more. */
  leave(): void {
    for (const sender of this.#senders.splice(0)) sender.close();
    this.participant.close('left');
  }
}
