/** The text of an answer, and of a server's offer, as other stacks read them. */
import { describe, expect, test } from 'bun:test';
import { CAPABILITIES } from '../../../test/support/sdp/capabilities.ts';
import * as offers from '../../../test/support/sdp/offers.ts';
import { OWN_TRANSPORT } from '../../../test/support/sdp/own-transport.ts';
import { NOTHING_PUBLISHED, planAnswer } from './plan-answer.ts';
import { readDescription } from './read-description.ts';
import { writeAnswer } from './write-answer.ts';

function answerTo(sdp: string): string {
  const offer = readDescription(sdp, 'offer');
  const plan = planAnswer(offer, NOTHING_PUBLISHED, CAPABILITIES);
  return writeAnswer({ offer, plan, transport: OWN_TRANSPORT, origin: { sessionId: '77', version: 3 } });
}

function linesOf(sdp: string): string[] {
  return sdp.split('\r\n').filter((line) => line.length > 0);
}

describe('an answer', () => {
  const sections = answerTo(offers.CHROME).split('m=');

  test('says above all sections who it is, that it is ICE-lite, and what shares the transport', () => {
    expect(linesOf(sections[0] ?? '')).toEqual([
      'v=0',
      'o=kaa 77 3 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      'a=extmap-allow-mixed',
      'a=ice-lite',
      'a=msid-semantic: WMS *',
      'a=group:BUNDLE 0 1',
    ]);
  });

  test('takes one codec, its feedback, and the header extensions that the room reads', () => {
    const lines = linesOf(sections[1] ?? '');
    expect(lines[0]).toBe('audio 9 UDP/TLS/RTP/SAVPF 111');
    for (const line of [
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1',
      'a=rtcp-fb:111 transport-cc',
      'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
      'a=setup:passive',
      'a=mid:0',
      'a=recvonly',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=ice-ufrag:ownfrag1',
      'a=ice-pwd:ownpasswordownpassword',
      `a=fingerprint:sha-256 ${offers.FINGERPRINT}`,
      'a=candidate:udpcandidate 1 udp 1076302079 203.0.113.7 40000 typ host',
      'a=candidate:tcpcandidate 1 tcp 1076276479 203.0.113.7 40000 typ host tcptype passive',
      'a=end-of-candidates',
    ])
      expect(lines).toContain(line);
  });

  test('takes the layers in the order in which they were offered', () => {
    const lines = linesOf(sections[2] ?? '');
    expect(lines[0]).toBe('video 9 UDP/TLS/RTP/SAVPF 96 97');
    for (const line of [
      'a=rid:f recv',
      'a=rid:h recv',
      'a=rid:q recv',
      'a=simulcast:recv f;h;q',
      'a=fmtp:97 apt=96',
    ])
      expect(lines).toContain(line);
  });

  test('closes what it cannot use, in its place', () => {
    expect(linesOf(sections[3] ?? '').slice(0, 1)).toEqual([
      'application 0 UDP/DTLS/SCTP webrtc-datachannel',
    ]);
    expect(linesOf(sections[3] ?? '')).toContain('a=mid:9');
  });

  test('wants stereo where stereo is sent, and waits for the handshake of one who begins it', () => {
    expect(answerTo(offers.OBS)).toContain('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;stereo=1\r\n');
    expect(answerTo(offers.LIBDATACHANNEL)).toContain('a=setup:passive\r\n');
    expect(answerTo(offers.LIBDATACHANNEL.replace('setup:active', 'setup:passive'))).toContain(
      'a=setup:active\r\n',
    );
  });

  const {
    CHROME,
    CHROME_PLAIN,
    CHROME_LEGACY,
    FIREFOX,
    SAFARI,
    OBS,
    OBS_SIMULCAST,
    AIORTC,
    LIBDATACHANNEL,
    GSTREAMER,
  } = offers;
  const all = {
    CHROME,
    CHROME_PLAIN,
    CHROME_LEGACY,
    FIREFOX,
    SAFARI,
    OBS,
    OBS_SIMULCAST,
    AIORTC,
    LIBDATACHANNEL,
    GSTREAMER,
  };
  test.each(Object.entries(all))('to %s can be read again by the same rules', (_name, text) => {
    const answer = readDescription(answerTo(text), 'answer');
    const offer = readDescription(text, 'offer');
    expect(answer.sections.map(({ mid, type }) => [mid, type])).toEqual(
      offer.sections.map(({ mid, type }) => [mid, type]),
    );
  });
});
