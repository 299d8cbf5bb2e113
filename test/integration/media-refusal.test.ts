import { afterAll, beforeAll, expect, test } from 'bun:test';
import { newId } from '../../src/lib/index.ts';
import { MediaServer, type Room } from '../../src/media/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import type { RequestData } from '../../src/protocol/index.ts';
import { failureOf } from '../support/failure.ts';
import { opusParameters, vp8Parameters } from '../support/rtp.ts';

let media: MediaServer;
let room: Room;
const complaints: string[] = [];

beforeAll(async () => {
  const destination = { write: (line: string) => complaints.push(line) };
  const options = {
    size: 1,
    port: 0,
    listenIp: '127.0.0.1',
    announcedAddress: undefined,
    timeoutMs: 5_000,
    workerCapacity: 500,
  };
  media = await MediaServer.create(
    { ...options, workerBin: process.env.MEDIASOUP_WORKER_BIN },
    createLogger({ level: 'error', format: 'json', service: 'kaa-test', destination }),
  );
  room = await media.createRoom();
}, 30_000);

afterAll(async () => {
  await media.close();
  expect(complaints).toEqual([]);
});

async function publisher() {
  const endpoint = room.createNativeEndpoint('alice');
  const { transportId } = await endpoint.createTransport({ direction: 'send' });
  const produce = (rtpParameters: RequestData<'produce'>['rtpParameters']) => {
    const isAudio = rtpParameters.codecs[0]?.mimeType.startsWith('audio/');
    return endpoint.produce({
      transportId,
      kind: isAudio ? 'audio' : 'video',
      source: isAudio ? 'microphone' : 'camera',
      rtpParameters,
    });
  };
  return { endpoint, transportId, produce };
}

async function subscriber() {
  const endpoint = room.createNativeEndpoint('bob');
  await endpoint.createTransport({ direction: 'recv', rtpCapabilities: room.rtpCapabilities });
  return endpoint;
}

test('a second track with the ssrc or the mid of another is refused, and its transport goes on', async () => {
  const { endpoint, produce } = await publisher();
  const first = opusParameters();
  await produce(first);
  expect(await failureOf(produce({ ...vp8Parameters(), encodings: first.encodings }))).toMatchObject({
    code: 'invalid_state',
  });
  expect(await failureOf(produce({ ...vp8Parameters(), mid: '0' }))).toMatchObject({ code: 'invalid_state' });
  const twice = { ...vp8Parameters(), encodings: [{ ssrc: 7 }, { ssrc: 7 }] };
  expect(await failureOf(produce(twice))).toMatchObject({ code: 'invalid_state' });
  await produce(vp8Parameters());
  expect(endpoint.publications.size).toBe(2);
  endpoint.close();
});

test('data needs a transport that carries data, and a stream that is free', async () => {
  const { endpoint, transportId } = await publisher();
  const open = (id: string) =>
    endpoint.openChannel({ transportId: id, sctpStreamParameters: { streamId: 1, ordered: true } });
  expect(await failureOf(open(transportId))).toMatchObject({ code: 'invalid_state' });
  const made = await endpoint.createTransport({ direction: 'send', hasData: true });
  const channel = await open(made.transportId);
  expect(await failureOf(open(made.transportId))).toMatchObject({ code: 'invalid_state' });
  const receiver = await subscriber();
  expect(await failureOf(receiver.listenTo(channel))).toMatchObject({ code: 'invalid_state' });
  receiver.close();
  endpoint.close();
});

test('RTX without its codec is malformed, and a codec that nobody routes is unsupported', async () => {
  const { endpoint, produce } = await publisher();
  const rtx = { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000 };
  const { codecs, ...video } = vp8Parameters();
  expect(
    await failureOf(produce({ ...video, codecs: [...codecs, { ...rtx, parameters: { apt: 120 } }] })),
  ).toMatchObject({ code: 'invalid_message' });
  expect(await failureOf(produce({ ...video, codecs: [{ ...rtx, mimeType: 'video/H261' }] }))).toMatchObject({
    code: 'unsupported_codec',
  });
  endpoint.close();
});

test('what is asked of a track that closes meanwhile is answered not_found', async () => {
  const { endpoint, produce } = await publisher();
  const receiver = await subscriber();
  const publication = await produce(opusParameters());
  const { consumerId } = await receiver.consume(publication);
  publication.close();
  expect(await failureOf(receiver.subscriptions.resume(consumerId))).toMatchObject({ code: 'not_found' });
  const late = await subscriber();
  expect(await failureOf(late.consume(publication))).toMatchObject({ code: 'not_found' });
  late.close();
  receiver.close();
  endpoint.close();
});

test('muting a track that closes meanwhile is no error', async () => {
  const { endpoint, produce } = await publisher();
  const publication = await produce(opusParameters());
  const pausing = publication.pause();
  publication.close();
  await pausing;
  endpoint.close();
});

test('requests under way when their participant leaves are refused for that reason', async () => {
  const { endpoint, transportId, produce } = await publisher();
  const requests = [
    produce(opusParameters()),
    endpoint.restartIce(transportId),
    endpoint.createTransport({ direction: 'recv' }),
  ];
  const failures = Promise.all(requests.map(failureOf));
  await Promise.resolve();
  endpoint.close();
  expect(await failures).toMatchObject([
    { code: 'invalid_state' },
    { code: 'invalid_state' },
    { code: 'invalid_state' },
  ]);
  expect(await failureOf(endpoint.restartIce(newId()))).toMatchObject({ code: 'invalid_state' });
});
