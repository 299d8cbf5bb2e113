/** A WebRTC stack that is no browser's: libdatachannel publishes by its own offer, and receives what the server offers. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { findWebRtcObstacle } from '../../bench/load/webrtc/library.ts';
import { connect } from '../support/people.ts';
import { LibdatachannelPeer, overSocket } from '../support/sdp/libdatachannel-peer.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.close());

async function enter(userId: string) {
  const client = await connect(server, userId, 'library');
  await client.request('join', {});
  return { client, peer: await LibdatachannelPeer.create(overSocket(client)) };
}

const canRun = (await findWebRtcObstacle()) === undefined;

test.skipIf(!canRun)(
  'an endpoint without a socket says when its client is there, and within 45 s when it has gone',
  async () => {
    const { client } = await enter('host');
    const { room } = server.app.calls.registry.get('library')!;
    const endpoint = room.createSdpEndpoint('publisher', () => true);
    const peer = await LibdatachannelPeer.create({
      offer: async (sdp) => (await endpoint.offer({ sdp })).sdp,
    });
    await peer.publish(5_000);
    const [publication] = endpoint.publications.values();
    while (((await publication?.packetCounts())?.[0] ?? 0) < 20) await Bun.sleep(20);
    peer.close();
    endpoint.close();
    expect((await server.app.calls.media.dump()).transports).toBe(1);
    await client.close();
  },
  60_000,
);

test.skipIf(!canRun)(
  'audio and video go from one to the other, and are counted as media that arrives whole',
  async () => {
    const [ann, bob] = [await enter('ann'), await enter('bob')];
    await ann.peer.publish(1_000);
    await bob.peer.receive();
    let tracks: Record<string, { readonly userId: string }> = {};
    while (Object.keys(tracks).length < 2) tracks = await bob.peer.answerNext();
    const mids = Object.keys(tracks);
    await until('packets of both tracks have come', () =>
      mids.every((mid) => (bob.peer.received.get(mid) ?? 0) > 50),
    );
    const publications = [
      ...server.app.calls.registry.get('library')!.participants.get('ann')!.publications.values(),
    ];
    expect(publications.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    // Who has nothing to send publishes nothing, whatever its library answers.
    expect(server.app.calls.registry.get('library')!.participants.get('bob')!.publications.size).toBe(0);
    for (const { client, peer } of [ann, bob]) {
      peer.close();
      await client.close();
    }
  },
  60_000,
);
