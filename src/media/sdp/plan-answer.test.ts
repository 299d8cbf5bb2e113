/** Offers in the shapes of many stacks become what a router takes. */
import { describe, expect, test } from 'bun:test';
import {
  generateRouterRtpCapabilities,
  getProducerRtpParametersMapping,
  validateAndNormalizeRtpParameters,
} from 'mediasoup/ortc';
import type { RtpParameters as RouterParameters } from 'mediasoup/types';
import { CAPABILITIES } from '../../../test/support/sdp/capabilities.ts';
import * as offers from '../../../test/support/sdp/offers.ts';
import { ROUTER_CODECS } from '../codecs.ts';
import { NOTHING_PUBLISHED, type PublishState, planAnswer } from './plan-answer.ts';
import { readDescription } from './read-description.ts';

const ROUTER = generateRouterRtpCapabilities([...ROUTER_CODECS]);

function plan(sdp: string, earlier: PublishState = NOTHING_PUBLISHED) {
  return planAnswer(readDescription(sdp, 'offer'), earlier, CAPABILITIES);
}

/** What would be produced; each of it is shown to mediasoup, which must take it. */
function produced(sdp: string) {
  return plan(sdp).sections.map((planned) => {
    if (planned.use !== 'sending') return planned.use;
    const parameters = structuredClone(planned.reception.rtpParameters) as RouterParameters;
    validateAndNormalizeRtpParameters(parameters);
    getProducerRtpParametersMapping(parameters, ROUTER);
    const { mid, codecs, headerExtensions = [], encodings } = planned.reception.rtpParameters;
    return {
      mid,
      codecs: codecs.map(({ mimeType, payloadType }) => `${mimeType} ${payloadType}`),
      extensions: headerExtensions.map(({ uri, id }) => `${id} ${uri.split(/[:/]/).at(-1)}`),
      encodings,
      feedback: codecs[0]?.rtcpFeedback?.map(({ type, parameter }) => `${type} ${parameter ?? ''}`.trim()),
    };
  });
}

const opus = (payloadType: number) => [`audio/opus ${payloadType}`];
const vp8 = (payloadType: number, rtx: number) => [`video/VP8 ${payloadType}`, `video/rtx ${rtx}`];

describe('the offer of', () => {
  test('Chrome with simulcast by rid: layers low to high, the data channel refused', () => {
    const [audio, video, data] = produced(offers.CHROME);
    expect(audio).toMatchObject({
      mid: '0',
      codecs: opus(111),
      encodings: [{ ssrc: 1111 }],
      feedback: ['transport-cc'],
    });
    expect(video).toEqual({
      mid: '1',
      codecs: vp8(96, 97),
      extensions: [
        '4 mid',
        '10 rtp-stream-id',
        '11 repaired-rtp-stream-id',
        '3 draft-holmer-rmcat-transport-wide-cc-extensions-01',
        '2 abs-send-time',
        '14 toffset',
      ],
      encodings: [{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }],
      feedback: ['transport-cc', 'ccm fir', 'nack', 'nack pli'],
    });
    expect(data).toBe('refused');
  });

  test('Chrome without simulcast: one ssrc and what repairs it', () => {
    expect(produced(offers.CHROME_PLAIN)[1]).toMatchObject({
      encodings: [{ ssrc: 2222, rtx: { ssrc: 2223 } }],
    });
  });

  test('Chrome before rids: the layers of the SIM group, each with what repairs it', () => {
    expect(produced(offers.CHROME_LEGACY)[0]).toMatchObject({
      codecs: vp8(96, 97),
      encodings: [
        { ssrc: 10, rtx: { ssrc: 11 } },
        { ssrc: 20, rtx: { ssrc: 21 } },
        { ssrc: 30, rtx: { ssrc: 31 } },
      ],
    });
  });

  test('Firefox: the fingerprint above all sections, its own numbers', () => {
    const [audio, video] = produced(offers.FIREFOX);
    expect(audio).toMatchObject({ codecs: opus(109), extensions: ['3 mid', '1 ssrc-audio-level'] });
    expect(video).toMatchObject({ codecs: vp8(120, 124), encodings: [{ ssrc: 4444, rtx: { ssrc: 4445 } }] });
  });

  test('Safari: the first H.264 profile that the room routes', () => {
    expect(produced(offers.SAFARI)[1]).toMatchObject({
      codecs: ['video/H264 98', 'video/rtx 99'],
      encodings: [{ ssrc: 6666, rtx: { ssrc: 6667 } }],
    });
  });

  test('OBS: nothing but what it names', () => {
    expect(produced(offers.OBS)).toEqual([
      { mid: '0', codecs: opus(111), extensions: [], encodings: [{ ssrc: 7777 }], feedback: [] },
      {
        mid: '1',
        codecs: ['video/H264 96'],
        extensions: [],
        encodings: [{ ssrc: 8888 }],
        feedback: ['nack', 'nack pli'],
      },
    ]);
  });

  test('OBS with simulcast: rid 0 is the highest layer', () => {
    expect(produced(offers.OBS_SIMULCAST)[1]).toMatchObject({
      encodings: [{ rid: '2' }, { rid: '1' }, { rid: '0' }],
    });
  });

  test('aiortc: of two header extensions with one id the first is used', () => {
    const [audio, video] = produced(offers.AIORTC);
    expect(audio).toMatchObject({ codecs: opus(96), extensions: ['1 mid'] });
    expect(video).toMatchObject({ codecs: vp8(97, 98), extensions: ['1 mid', '2 abs-send-time'] });
  });

  test('libdatachannel: one section without header extensions', () => {
    expect(produced(offers.LIBDATACHANNEL)).toEqual([
      {
        mid: 'video',
        codecs: ['video/VP8 96'],
        extensions: [],
        encodings: [{ ssrc: 4242 }],
        feedback: ['nack', 'nack pli'],
      },
    ]);
  });

  test('GStreamer: feedback for all formats, a bundled section with port 0, and one without ssrc', () => {
    const [video, audio] = produced(offers.GSTREAMER);
    expect(video).toMatchObject({
      mid: 'video0',
      codecs: vp8(96, 97),
      feedback: ['nack', 'nack pli', 'transport-cc'],
    });
    expect(audio).toMatchObject({ mid: 'audio1', codecs: opus(98), extensions: ['2 mid'], encodings: [{}] });
  });
});

describe('offering again', () => {
  const { chromeAudio, chromeVideo, chromeHead, sdp } = offers;

  test('a section that was closed takes something else under another mid', () => {
    const { state } = plan(offers.CHROME_PLAIN);
    const closed = sdp(chromeHead('0'), chromeAudio('0'), chromeVideo('1').replace('m=video 9', 'm=video 0'));
    const { state: after, sections } = plan(closed, state);
    expect(sections.map(({ use }) => use)).toEqual(['sending', 'refused']);
    const again = plan(sdp(chromeHead('0', '2'), chromeAudio('0'), chromeVideo('2', 7000)), after);
    expect(again.sections.map(({ use }) => use)).toEqual(['sending', 'sending']);
  });

  test('a section that sends nothing any more is silent, and its codec stays when the order changes', () => {
    const { state } = plan(offers.CHROME_PLAIN);
    const silent = plan(
      sdp(chromeHead('0', '1'), chromeAudio('0'), chromeVideo('1', 2222, 'inactive')),
      state,
    );
    expect(silent.sections.map(({ use }) => use)).toEqual(['sending', 'silent']);
    const reordered = offers.CHROME_PLAIN.replace('96 97 103 104 35 98 99', '98 99 96 97 103 104 35');
    const kept = plan(reordered, state).sections[1];
    expect(kept?.use === 'sending' && kept.reception.codecs[0]?.mimeType).toBe('video/VP8');
    const fresh = plan(reordered).sections[1];
    expect(fresh?.use === 'sending' && fresh.reception.codecs[0]?.mimeType).toBe('video/VP9');
  });

  test('an id that meant another header extension before is not used for this one', () => {
    const { state } = plan(offers.CHROME_PLAIN);
    const changed = offers.CHROME_PLAIN.replaceAll('a=extmap:2 http', 'a=extmap:4 http').replaceAll(
      'a=extmap:4 urn',
      'a=extmap:2 urn',
    );
    const [audio] = plan(changed, state).sections;
    expect(audio?.use === 'sending' && audio.reception.extensions.map(({ id }) => id)).toEqual([3, 1]);
  });
});
