/** A call with a recorder in it, as a process: people who send plain RTP, and what the benchmark asks over IPC. */
import { readdir } from 'node:fs/promises';
import { RecordedCall } from '../../test/support/media/recorded-call.ts';
import { type Footprint, measureFootprint } from '../processes/footprint.ts';
import { serve } from '../processes/serve.ts';
import type { Target } from './sender.ts';

export type RecordMethods = {
  /** Resolves when so many people have published a camera and a microphone. */
  open(options: { people: number; folder: string }): Promise<{ targets: Target[]; workerPids: number[] }>;
  /** Resolves to the readers, when something comes into each. */
  record(nothing: null): Promise<number[]>;
  /** Resolves to how many segments the folder has. */
  stop(nothing: null): Promise<number>;
  footprint(nothing: null): Promise<Footprint>;
  /** Of the recorder and its readers, how many packets they missed. */
  missed(nothing: null): Promise<number>;
  close(nothing: null): Promise<void>;
};

const FIRST_PORT = 44_000;
const POLLING_MS = 50;

let recorded: RecordedCall | undefined;
let capture: Awaited<ReturnType<RecordedCall['record']>> | undefined;

function call(): RecordedCall {
  if (!recorded) throw new Error('no call is open');
  return recorded;
}

const methods: RecordMethods = {
  open: async ({ people, folder }) => {
    recorded = await RecordedCall.create({
      clip: { frames: [], packets: [] },
      firstPort: FIRST_PORT,
      folder,
    });
    const targets: Target[] = [];
    for (let index = 0; index < people; index += 1) {
      const feed = recorded.enter(`person-${index}`);
      for (const kind of ['video', 'audio'] as const) {
        const { target } = await recorded.announce(feed, kind);
        targets.push({ kind, ...target });
      }
    }
    return { targets, workerPids: recorded.media.workerPids };
  },
  record: async () => {
    const before = capture ? await countBegun() : 0;
    capture = await call().record();
    const { size } = call().call.participants;
    // Two tracks of everybody but the recorder.
    while ((await countBegun()) < before + (size - 1) * 2) await Bun.sleep(POLLING_MS);
    return capture.readerPids;
  },
  stop: async () => {
    await capture?.stop('stopped');
    return (await readdir(call().folder)).filter((name) => name.endsWith('.mkv')).length;
  },
  footprint: measureFootprint,
  missed: async () => {
    const entries = await call().entries();
    return entries.reduce((sum, entry) => sum + (entry.type === 'packets-missed' ? entry.packets : 0), 0);
  },
  close: async () => {
    await recorded?.close();
  },
};
serve(methods);
// mediasoup listens to the signal to end its worker, so that by itself this process would live on.
process.on('SIGTERM', () => process.exit(0));

async function countBegun(): Promise<number> {
  return (await call().entries()).filter(({ type }) => type === 'segment-began').length;
}
