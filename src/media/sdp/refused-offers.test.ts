/** Offers that are refused, each with its reason. */
import { describe, expect, test } from 'bun:test';
import { CAPABILITIES } from '../../../test/support/sdp/capabilities.ts';
import * as offers from '../../../test/support/sdp/offers.ts';
import { NOTHING_PUBLISHED, type PublishState, planAnswer } from './plan-answer.ts';
import { readDescription } from './read-description.ts';

function plan(sdp: string, earlier: PublishState = NOTHING_PUBLISHED) {
  return planAnswer(readDescription(sdp, 'offer'), earlier, CAPABILITIES);
}

describe('an offer is refused', () => {
  const refusal = (sdp: string, earlier?: PublishState) => {
    try {
      plan(sdp, earlier);
    } catch (error) {
      return error as { code: string; message: string };
    }
    throw new Error('it was taken');
  };
  const { CHROME_PLAIN: plain, chromeAudio, chromeVideo, chromeHead, sdp } = offers;

  const invalid: [string, string, RegExp][] = [
    ['that is no SDP', 'hello', /does not begin with "v=0"/],
    ['that is too long', `v=0\r\n${'a=x\r\n'.repeat(60_000)}`, /longer than 256 KiB/],
    [
      'with a line that is too long',
      plain.replace('a=mid:0', `a=mid:0\r\na=x:${'y'.repeat(5_000)}`),
      /a line of it/,
    ],
    [
      'with thousands of sections',
      plain + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(5_000),
      /5002 sections/,
    ],
    ['without a section', plain.slice(0, plain.indexOf('m=')), /no section/],
    ['with a port that is none', plain.replace('m=audio 9', 'm=audio 70000'), /port/],
    ['with a mid twice', plain.replace('a=mid:1', 'a=mid:0'), /two sections have the mid "0"/],
    ['with a mid of 9 characters', plain.replaceAll(/a=mid:0/g, 'a=mid:123456789'), /at most 8/],
    ['without a mid', plain.replace('a=mid:1\r\n', ''), /no a=mid/],
    ['without rtcp-mux', plain.replace('a=rtcp-mux\r\n', ''), /rtcp-mux/],
    ['without DTLS', plain.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), /DTLS-SRTP/],
    ['without a fingerprint', plain.replaceAll(/a=fingerprint.*\r\n/g, ''), /no a=fingerprint/],
    ['with a short fingerprint', plain.replaceAll(offers.FINGERPRINT, 'AB:CD'), /32 bytes/],
    ['with a fingerprint of another hash', plain.replaceAll('sha-256', 'md5'), /nobody knows the hash md5/],
    ['with two fingerprints', plain.replace('10:11:12', '10:11:13'), /different fingerprints/],
    ['without ICE credentials', plain.replaceAll(/a=ice-(ufrag|pwd).*\r\n/g, ''), /ice-ufrag/],
    ['with setup:holdconn', plain.replaceAll('actpass', 'holdconn'), /makes no sense/],
    [
      'whose sections are no BUNDLE group',
      plain.replace('BUNDLE 0 1', 'BUNDLE 0'),
      /"1" is not in the BUNDLE group/,
    ],
    ['whose first section is closed', plain.replace('m=audio 9', 'm=audio 0'), /first section is closed/],
    [
      'whose sections are all closed',
      plain.replaceAll(/(m=\w+) 9/g, '$1 0'),
      /all of its sections are closed/,
    ],
    ['with an ssrc in two sections', plain.replaceAll('1111', '2222'), /ssrc 2222 belongs to two streams/],
    ['with ssrc 0', plain.replaceAll('1111', '0'), /no ssrc/],
    ['with an ssrc that is none', plain.replaceAll('1111', '4294967296'), /ssrcs/],
    ['with a format twice', plain.replace('SAVPF 111 63', 'SAVPF 111 111'), /payload type twice/],
    ['with a payload type over 127', plain.replaceAll('111', '211'), /payload/],
    ['with two rtpmaps for a number', plain.replace('a=rtpmap:63 ', 'a=rtpmap:111 '), /two a=rtpmap/],
    ['with a group of unknown ssrcs', plain.replace('FID 2222 2223', 'FID 2222 9'), /no a=ssrc line/],
    ['with a rid that has no line', offers.CHROME.replace('a=rid:q send\r\n', ''), /"q"/],
    ['with a rid twice', offers.CHROME.replace('send f;h;q', 'send f;f;q'), /rid twice/],
    ['with simulcast and no extension for rids', offers.CHROME.replaceAll(/a=extmap:10 .*\r\n/g, ''), /rid/],
    [
      'with neither ssrc nor mid in its packets',
      offers.GSTREAMER.replaceAll(/a=extmap:2 .*\r\n/g, ''),
      /a=ssrc/,
    ],
  ];
  test.each(invalid)('%s', (_what, text, reason) => {
    const { code, message } = refusal(text);
    expect(code).toBe('invalid_sdp');
    expect(message).toMatch(reason);
  });

  test('with codecs of which the room routes none', () => {
    const { code } = refusal(sdp(chromeHead('0'), chromeVideo('0')).replaceAll(/VP8|VP9|H264/g, 'AV1'));
    expect(code).toBe('unsupported_codec');
  });

  test('one section without a codec in common is refused in the answer, while others are taken', () => {
    const uses = plan(plain.replaceAll(/VP8|VP9|H264/g, 'AV1')).sections.map(({ use }) => use);
    expect(uses).toEqual(['sending', 'refused']);
  });

  test('when sections are missing that were there, or have changed their places', () => {
    const { state } = plan(plain);
    expect(refusal(sdp(chromeHead('0'), chromeAudio('0')), state).message).toMatch(/had 2 before/);
    const swapped = sdp(chromeHead('1', '0'), chromeVideo('1'), chromeAudio('0'));
    expect(refusal(swapped, state).message).toMatch(/was "0" before/);
  });
});
