/** Rooms full of members at one SFU, who all publish and all receive each other, and are silent until they shall play. */
import { Member } from './member.ts';
import { Pacer } from './pacer.ts';
import type { JoinSfu } from './sfu/sfu.ts';

export interface CrowdSize {
  readonly rooms: number;
  readonly peopleInRoom: number;
  /** Whether packets are counted where they arrive, which costs this process time. */
  readonly isCounting: boolean;
}

const FIRST_SSRC = 10_000;
const SSRCS_OF_MEMBER = 2;

export class Crowd {
  readonly #members: readonly Member[];
  readonly #pacer: Pacer;

  /** Resolves when everyone is connected both ways. */
  static async gather(join: JoinSfu, { rooms, peopleInRoom, isCounting }: CrowdSize): Promise<Crowd> {
    const all: Member[] = [];
    for (let room = 0; room < rooms; room += 1) {
      const members: Member[] = [];
      for (let person = 0; person < peopleInRoom; person += 1) {
        const sfu = await join(`crowd-${room}`, `member-${room}-${person}`);
        const ssrc = FIRST_SSRC + (all.length + members.length) * SSRCS_OF_MEMBER;
        members.push(await Member.publish(sfu, ssrc));
      }
      for (const member of members) {
        const others = members.filter((other) => other !== member);
        await member.receive(
          others.flatMap(({ trackIds }) => trackIds),
          { isCounting },
        );
      }
      all.push(...members);
    }
    return new Crowd(all);
  }

  private constructor(members: readonly Member[]) {
    this.#members = members;
    this.#pacer = new Pacer(members.flatMap(({ outlets }) => outlets));
  }

  get packetsReceived(): number {
    return this.#members.reduce((sum, member) => sum + member.packetsReceived, 0);
  }

  play(): void {
    this.#pacer.start();
  }

  stop(): void {
    this.#pacer.stop();
  }

  async close(): Promise<void> {
    this.stop();
    await Promise.all(this.#members.map((member) => member.close()));
  }
}
