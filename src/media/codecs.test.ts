import { expect, test } from 'bun:test';
import { toRouterCapabilities, toRouterParameters } from './codecs.ts';

const ORIENTATION = 'urn:3gpp:video-orientation';
const CAPTURE_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';
const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';

test('header extensions that were not offered are dropped, though the sender lists them', () => {
  const parameters = toRouterParameters({
    codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }],
    headerExtensions: [ORIENTATION, CAPTURE_TIME, MID, 'urn:unknown'].map((uri, index) => ({
      uri,
      id: index + 1,
    })),
    encodings: [{ ssrc: 1 }],
  });
  expect(parameters.headerExtensions).toEqual([{ uri: MID, id: 3 }]);
});

test('a device without header extensions is one with none', () => {
  expect(toRouterCapabilities({ codecs: [] }).headerExtensions).toEqual([]);
});

test('VP8 in one encoding has no layers, so that its consumers begin with the keyframe; in several, and other codecs, keep theirs', () => {
  const parametersOf = (mimeType: string, encodings: number) =>
    toRouterParameters({
      codecs: [{ mimeType, payloadType: 96, clockRate: 90_000 }],
      encodings: Array.from({ length: encodings }, (_, ssrc) => ({ ssrc, scalabilityMode: 'L1T3' })),
    }).encodings;
  expect(parametersOf('video/VP8', 1)).toEqual([{ ssrc: 0 }]);
  expect(parametersOf('video/VP8', 2)?.map(({ scalabilityMode }) => scalabilityMode)).toEqual([
    'L1T3',
    'L1T3',
  ]);
  expect(parametersOf('video/VP9', 1)).toEqual([{ ssrc: 0, scalabilityMode: 'L1T3' }]);
});
