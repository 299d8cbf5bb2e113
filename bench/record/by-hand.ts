/**
 * The floor of what a recording through a media server costs, as a process: mediasoup alone, which takes in the same tracks and
 * passes each on to an ffmpeg, and nobody who watches over it.
 */
import { createWorker } from 'mediasoup';
import type { PlainTransport, Producer, Router, RtpCodecParameters } from 'mediasoup/types';
import { serve } from '../processes/serve.ts';
import { PlainReaders } from './plain-readers.ts';
import type { Target } from './sender.ts';

export type ByHandMethods = {
  open(options: { people: number }): Promise<{ targets: Target[]; workerPids: number[] }>;
  /** Resolves to the readers, when all listen and everything flows to them. */
  record(options: { folder: string }): Promise<number[]>;
  close(nothing: null): Promise<void>;
};

const LOOPBACK = '127.0.0.1';
/** Of the readers: away from those of the other sides. */
const FIRST_PORT = 45_000;
const BUFFER_BYTES = 4 * 1_024 ** 2;
const CODECS = {
  video: { mimeType: 'video/VP8', clockRate: 90_000, payloadType: 96 },
  audio: { mimeType: 'audio/opus', clockRate: 48_000, payloadType: 111, channels: 2 },
} as const satisfies Record<Target['kind'], RtpCodecParameters>;

const workerBin = process.env.MEDIASOUP_WORKER_BIN;
const worker = await createWorker({ logLevel: 'warn', ...(workerBin && { workerBin }) });
const router = await worker.createRouter({
  mediaCodecs: [
    { kind: 'video', preferredPayloadType: 96, ...without(CODECS.video) },
    { kind: 'audio', preferredPayloadType: 111, ...without(CODECS.audio) },
  ],
});
const producers: Producer[] = [];
let readers: PlainReaders | undefined;

const methods: ByHandMethods = {
  open: async ({ people }) => {
    const targets: Target[] = [];
    for (let index = 0; index < people * 2; index += 1)
      targets.push(
        await announce(router, { kind: index % 2 === 0 ? 'video' : 'audio', ssrc: 1_000 + index }),
      );
    return { targets, workerPids: [worker.pid] };
  },
  record: async ({ folder }) => {
    const outputs = producers.map(({ kind }, index) => {
      const { payloadType, clockRate } = CODECS[kind];
      return { kind, payloadType, clockRate, port: FIRST_PORT + index * 2, ssrc: 0 };
    });
    readers = await PlainReaders.start(outputs, folder);
    for (const [index, producer] of producers.entries()) await passOn(producer, FIRST_PORT + index * 2);
    return readers.pids;
  },
  close: async () => {
    await readers?.close();
    worker.close();
  },
};
serve(methods);
// mediasoup listens to the signal to end its worker, so that by itself this process would live on.
process.on('SIGTERM', () => process.exit(0));

function without<T extends { payloadType: number }>({ payloadType: _, ...codec }: T): Omit<T, 'payloadType'> {
  return codec;
}

async function announce(to: Router, { kind, ssrc }: Pick<Target, 'kind' | 'ssrc'>): Promise<Target> {
  const transport = await to.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: LOOPBACK, recvBufferSize: BUFFER_BYTES },
    rtcpMux: true,
    comedia: true,
  });
  const codec = CODECS[kind];
  producers.push(
    await transport.produce({ kind, rtpParameters: { codecs: [codec], encodings: [{ ssrc }] } }),
  );
  const { payloadType, clockRate } = codec;
  return { kind, ssrc, payloadType, clockRate, port: transport.tuple.localPort };
}

async function passOn(producer: Producer, port: number): Promise<PlainTransport> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: LOOPBACK },
    rtcpMux: false,
    comedia: false,
  });
  await transport.connect({ ip: LOOPBACK, port, rtcpPort: port + 1 });
  const { codecs = [] } = router.rtpCapabilities;
  await transport.consume({
    producerId: producer.id,
    rtpCapabilities: { codecs: codecs.filter(({ kind }) => kind === producer.kind) },
  });
  return transport;
}
