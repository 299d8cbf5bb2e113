/** One who sits in the room of a call without a network: says frames of µ-law, and keeps what one participant says. */
import { type Call, followTracks, Participant } from '../../../src/engine/index.ts';
import type { LegCodec, LegEndpoint, RtpPacket } from '../../../src/media/index.ts';
import { until } from '../until.ts';

const FRAME_SAMPLES = 160;
const EVERYTHING = {
  publish: ['microphone' as const],
  subscribe: true,
  data: false,
  record: false,
  moderate: false,
  hidden: false,
  phone: false,
};

export class Listener {
  readonly participant: Participant;
  readonly #endpoint: LegEndpoint;
  /** By user id. */
  readonly #heard = new Map<string, RtpPacket[]>();
  #timestamp = 0;

  static async join(call: Call, userId: string, codec: LegCodec = 'pcmu'): Promise<Listener> {
    const endpoint = call.room.createLegEndpoint(userId, codec);
    await endpoint.open();
    const participant = new Participant({
      id: crypto.randomUUID(),
      userId,
      name: userId,
      metadata: {},
      permissions: EVERYTHING,
      endpoint,
      tell: () => {},
    });
    call.admit(participant);
    return new Listener(call, participant, endpoint);
  }

  private constructor(call: Call, participant: Participant, endpoint: LegEndpoint) {
    this.participant = participant;
    this.#endpoint = endpoint;
    followTracks(call, participant, (publication) => {
      endpoint.listen(publication, (packet) => {
        const packets = this.#heard.get(publication.userId) ?? [];
        packets.push({ ...packet, payload: new Uint8Array(packet.payload) });
        this.#heard.set(publication.userId, packets);
      });
    });
  }

  /** What a participant said so far, packet by packet. */
  packetsOf(userId: string): readonly RtpPacket[] {
    return this.#heard.get(userId) ?? [];
  }

  /** Their payloads joined. */
  bytesOf(userId: string): Uint8Array {
    return Buffer.concat(this.packetsOf(userId).map(({ payload }) => payload));
  }

  /** Resolves when so many packets of a participant have come. */
  async hear(userId: string, packets: number): Promise<void> {
    await until(
      `${packets} packets of ${userId} were heard`,
      () => this.packetsOf(userId).length >= packets,
      30_000,
    );
  }

  say(frame: Uint8Array, ticks = FRAME_SAMPLES): void {
    this.#endpoint.send(frame, { timestamp: this.#timestamp, marker: false });
    this.#timestamp += ticks;
  }

  leave(): void {
    this.participant.close('left');
  }
}
