import { expect, test } from 'bun:test';
import { audioAndVideoOffer } from '../../../test/support/ingest/offers.ts';
import { CAPABILITIES } from '../../../test/support/sdp/capabilities.ts';
import { CHROME_PLAIN } from '../../../test/support/sdp/offers.ts';
import { planPlay, playability, playedCapabilities } from './plan-play.ts';
import { readDescription } from './read-description.ts';

const planOf = (sdp: string) => planPlay(readDescription(sdp, 'offer'), CAPABILITIES);
const VP8 = { kind: 'video', codec: { mimeType: 'video/VP8', clockRate: 90_000, parameters: {} } } as const;
const H264 = {
  kind: 'video',
  codec: {
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
  },
} as const;
const recvonly = audioAndVideoOffer('recvonly');

test('a section is played with the codecs that both sides give the same number', () => {
  const plan = planOf(recvonly);
  expect(
    plan.map((played) => played.use === 'playing' && played.codecs.map(({ mimeType }) => mimeType)),
  ).toEqual([['audio/opus'], ['video/VP8']]);
  expect(playability(VP8, plan, CAPABILITIES)).toBe('as-offered');
  const { codecs, headerExtensions } = playedCapabilities(plan, CAPABILITIES);
  expect(codecs.map(({ preferredPayloadType }) => preferredPayloadType)).toEqual([111, 96]);
  expect(headerExtensions).toEqual([]);
});

test('a codec with another number would have to be renumbered, and one that is not there can never be played', () => {
  const plan = planOf(recvonly.replace('SAVPF 96', 'SAVPF 120').replace('rtpmap:96', 'rtpmap:120'));
  expect(plan[1]?.use).toBe('refused');
  expect(playability(VP8, plan, CAPABILITIES)).toBe('renumbered');
  expect(playability(H264, plan, CAPABILITIES)).toBe('never');
});

test('a section that only sends is no section to play on; of two of a kind the first is taken', () => {
  expect(planOf(audioAndVideoOffer('sendonly')).map(({ use }) => use)).toEqual(['refused', 'refused']);
  const video = recvonly.slice(recvonly.indexOf('m=video'));
  const twice = recvonly.replace('BUNDLE 0 1', 'BUNDLE 0 1 2') + video.replace('a=mid:1', 'a=mid:2');
  expect(planOf(twice).map(({ use }) => use)).toEqual(['playing', 'playing', 'refused']);
});

test('header extensions and RTX of a browser, which has other numbers for them, are left out', () => {
  const plan = planOf(CHROME_PLAIN);
  for (const played of plan) {
    if (played.use !== 'playing') continue;
    const ours = CAPABILITIES.headerExtensions ?? [];
    for (const { id, uri } of played.extensions)
      expect(ours).toContainEqual(expect.objectContaining({ kind: played.kind, uri, preferredId: id }));
    for (const { payloadType } of played.codecs)
      expect(
        CAPABILITIES.codecs.some(({ preferredPayloadType }) => preferredPayloadType === payloadType),
      ).toBe(true);
  }
});
