import { expect, test } from 'bun:test';
import { highestLayers, toDirection, toFlow } from './flow-stats.ts';

const stream = { bitrate: 100_000, fractionLost: 64, jitter: 480, score: 8, packetCount: 50 };

test('loss becomes a part of one, jitter milliseconds, and what was not measured null', () => {
  expect(toFlow([{ ...stream, roundTripTime: 41.6 }], 48_000)).toEqual({
    bitrate: 100_000,
    rttMs: 42,
    loss: 0.25,
    jitterMs: 10,
    score: 8,
  });
  expect(toFlow([stream], 48_000).rttMs).toBeNull();
  expect(toFlow([{ ...stream, packetCount: 0 }], 48_000)).toEqual({
    bitrate: 0,
    rttMs: null,
    loss: null,
    jitterMs: null,
    score: null,
  });
});

test('of simulcast streams the best score counts, of tracks the worst', () => {
  const simulcast = toFlow([stream, { ...stream, score: 3, fractionLost: 0 }], 90_000);
  expect(simulcast).toMatchObject({ bitrate: 200_000, score: 8, loss: 0.25 });
  const track = { trackId: 'a', kind: 'video', layers: null, ...simulcast } as const;
  expect(toDirection([track, { ...track, score: 2, rttMs: 90 }])).toMatchObject({
    score: 2,
    rttMs: 90,
    bitrate: 400_000,
  });
  expect(toDirection([])).toEqual({
    bitrate: 0,
    rttMs: null,
    loss: null,
    jitterMs: null,
    score: null,
    tracks: [],
  });
});

test('the highest layers that arrive are told, of simulcast and of SVC', () => {
  const none = { bitrate: 0, bitrateByLayer: {} };
  expect(highestLayers([none])).toBeNull();
  expect(highestLayers([{ bitrate: 5, bitrateByLayer: {} }])).toBeNull();
  const simulcast = [
    { bitrate: 5, bitrateByLayer: { '0.0': 3, '0.1': 2 } },
    { bitrate: 9, bitrateByLayer: { '0.0': 9 } },
    none,
  ];
  expect(highestLayers(simulcast)).toEqual({ spatialLayer: 1, temporalLayer: 0 });
  expect(highestLayers([{ bitrate: 9, bitrateByLayer: { '0.0': 1, '1.2': 1, '2.0': 0 } }])).toEqual({
    spatialLayer: 1,
    temporalLayer: 2,
  });
});
