/** Who sends cameras of 720p and 30 frames, and microphones, as a process of its own: to one set of targets at a time. */
import { FRAMERATE, makeClip, makePicture } from '../../test/support/media/clip.ts';
import { RtpSender } from '../../test/support/media/rtp-sender.ts';
import { serve } from '../processes/serve.ts';

export interface Target {
  readonly kind: 'audio' | 'video';
  readonly port: number;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly clockRate: number;
}

export type SenderMethods = {
  /** Makes what is sent. Resolves to the bits a second of a camera. */
  prepare(nothing: null): Promise<number>;
  play(targets: readonly Target[]): Promise<void>;
  stop(nothing: null): Promise<void>;
};

const SECONDS = 10;
const PACKET_MS = 20;
/** A picture at once would not fit into the buffers of the receiving sockets. */
const PACING_MS = 25;

let frames: readonly Uint8Array[] = [];
let packets: readonly Uint8Array[] = [];
let senders: RtpSender[] = [];

const methods: SenderMethods = {
  prepare: async () => {
    const size = { width: 1_280, height: 720, bitrate: 1_500_000, isNoisy: true };
    frames = await makePicture({ seconds: SECONDS, gop: 60, ...size });
    ({ packets } = await makeClip(SECONDS));
    return (frames.reduce((sum, { length }) => sum + length, 0) * 8) / SECONDS;
  },
  play: async (targets) => {
    senders = targets.map((target) => new RtpSender({ ...target, pacingMs: PACING_MS }));
    for (const [index, sender] of senders.entries()) void playAgainAndAgain(sender, targets[index]?.kind);
  },
  stop: async () => {
    for (const sender of senders) sender.close();
    senders = [];
  },
};
serve(methods);
process.on('SIGTERM', () => process.exit(0));

async function playAgainAndAgain(sender: RtpSender, kind: Target['kind'] | undefined): Promise<void> {
  while (senders.includes(sender)) {
    if (kind === 'video') await sender.sendVideo(frames, FRAMERATE);
    else await sender.sendAudio(packets, PACKET_MS);
  }
}
