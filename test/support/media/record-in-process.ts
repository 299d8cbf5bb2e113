/** The process behind `RecordingProcess`: publishes one camera, records the call, and stops when it is told to. */
import { until } from '../until.ts';
import { RecordedCall } from './recorded-call.ts';
import type { Recording } from './recording-process.ts';

const { KAA_FOLDER = '', KAA_FIRST_PORT = '' } = process.env;

const recorded = await RecordedCall.create({
  clip: { frames: [], packets: [] },
  folder: KAA_FOLDER,
  firstPort: Number(KAA_FIRST_PORT),
});
const { target } = await recorded.announce(recorded.enter('ann'), 'video');
const capture = await recorded.record();
await until('a reader runs', () => capture.readerPids.length === 1);
process.on('message', async () => {
  await capture.stop('stopped');
  await recorded.close();
  process.exit(0);
});
const { readerPids } = capture;
const recording: Recording = { sender: target, readerPids, workerPids: recorded.media.workerPids };
process.send?.(recording);
