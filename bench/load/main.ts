/** The load generator as a process of its own: a crowd at each SFU, one of which plays at a time. */

import type { Side } from '../measure/interleave.ts';
import { serve } from '../processes/serve.ts';
import { Crowd, type CrowdSize } from './crowd.ts';
import { joinBare } from './sfu/bare.ts';
import { joinKaa } from './sfu/kaa.ts';
import type { JoinSfu } from './sfu/sfu.ts';

export interface GatherOptions extends CrowdSize {
  readonly side: Side;
  readonly url: string;
  /** By user id; only Kaa asks for them. */
  readonly tokens: Readonly<Record<string, string>>;
}

export type LoadMethods = {
  /** Resolves when everyone is connected both ways. */
  gather(options: GatherOptions): Promise<void>;
  play(side: Side): Promise<void>;
  stop(side: Side): Promise<void>;
  /** 0 unless packets are counted. */
  packetsReceived(side: Side): Promise<number>;
  leave(nothing: null): Promise<void>;
};

const crowds = new Map<Side, Crowd>();

function crowdAt(side: Side): Crowd {
  const crowd = crowds.get(side);
  if (!crowd) throw new Error(`nobody was gathered at ${side}`);
  return crowd;
}

const methods: LoadMethods = {
  gather: async ({ side, url, tokens, ...size }) => {
    const join: JoinSfu =
      side === 'kaa'
        ? (roomId, userId) => joinKaa(url, tokens[userId] ?? '', roomId)
        : (roomId) => joinBare(url, roomId);
    crowds.set(side, await Crowd.gather(join, size));
  },
  play: async (side) => crowdAt(side).play(),
  stop: async (side) => crowdAt(side).stop(),
  packetsReceived: async (side) => crowdAt(side).packetsReceived,
  leave: async () => {
    await Promise.all([...crowds.values()].map((crowd) => crowd.close()));
    crowds.clear();
  },
};
serve(methods);
