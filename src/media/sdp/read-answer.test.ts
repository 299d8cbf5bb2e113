/** The server's offers, and what clients answer to them. */
import { describe, expect, test } from 'bun:test';
import { writeAnswerTo as answer } from '../../../test/support/sdp/answers.ts';
import { CAPABILITIES } from '../../../test/support/sdp/capabilities.ts';
import { FINGERPRINT, sdp } from '../../../test/support/sdp/offers.ts';
import { OWN_TRANSPORT } from '../../../test/support/sdp/own-transport.ts';
import { OfferedSections } from './offered-sections.ts';
import { readAnswer } from './read-answer.ts';
import { readDescription } from './read-description.ts';
import { type OfferedTrack, writeOffer } from './write-offer.ts';

const ORIGIN = { sessionId: '5', version: 1 };
const CAMERA: OfferedTrack = {
  userId: 'ann@example.com',
  trackId: 'camera-1',
  rtpParameters: {
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: 96,
        clockRate: 90_000,
        rtcpFeedback: [{ type: 'nack', parameter: '' }],
      },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 }],
    encodings: [{ ssrc: 4_000_000_000, rtx: { ssrc: 4_000_000_001 } }],
    rtcp: { cname: 'ann' },
  },
};

function offer(
  sections: OfferedSections,
  tracks: Record<string, OfferedTrack> = {},
  wantsSimulcast = false,
): string {
  return writeOffer({
    sections: sections.list,
    tracks: new Map(Object.entries(tracks)),
    capabilities: CAPABILITIES,
    transport: OWN_TRANSPORT,
    origin: ORIGIN,
    wantsSimulcast,
  });
}

function read(text: string, { list }: OfferedSections) {
  return readAnswer(readDescription(text, 'answer'), { offered: list, capabilities: CAPABILITIES });
}

describe("the server's offer", () => {
  test('has a section on which a client may send for each kind, with all codecs that the room routes', () => {
    const sections = new OfferedSections();
    sections.keepSpares(['audio', 'video']);
    const [, audio = '', video = ''] = offer(sections).split('m=');
    expect(audio).toStartWith('audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n');
    expect(video).toMatch(/^video 9 UDP\/TLS\/RTP\/SAVPF 96 \d+ 98 \d+ 106 \d+ 112 \d+\r\n/);
    for (const section of [audio, video]) {
      expect(section).toContain('a=recvonly\r\n');
      expect(section).toContain('a=setup:actpass\r\n');
      expect(section).not.toContain('a=simulcast');
      expect(section).not.toContain('video-orientation');
    }
  });

  test('asks for layers, low to high, only when the client wants that', () => {
    const sections = new OfferedSections();
    sections.keepSpares(['video']);
    expect(offer(sections, {}, true)).toContain('a=simulcast:recv q;h;f\r\n');
    expect(offer(sections, {}, true)).toContain('a=rid:q recv\r\n');
  });

  test('names whose track goes out, and by which ssrcs', () => {
    const sections = new OfferedSections();
    const mid = sections.carry('camera-1', 'video') ?? '';
    const text = offer(sections, { [mid]: CAMERA });
    for (const line of [
      'a=sendonly',
      'a=msid:ann@example.com camera-1',
      'a=ssrc-group:FID 4000000000 4000000001',
      'a=ssrc:4000000000 cname:ann',
      'a=rtcp-fb:96 nack',
      'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid',
    ])
      expect(text).toContain(`${line}\r\n`);
  });
});

describe('the sections of a connection', () => {
  test('keep their places; a free one is used again, by the track that had it if that comes back', () => {
    const sections = new OfferedSections();
    sections.keepSpares(['audio', 'video']);
    expect(['a', 'b', 'c'].map((track) => sections.carry(track, 'video'))).toEqual(['2', '3', '4']);
    sections.free('a');
    sections.free('b');
    expect(sections.carry('b', 'video')).toBe('3');
    expect(sections.carry('x', 'audio')).toBe('5');
    expect(sections.carry('d', 'video')).toBe('2');
    expect(sections.carry('d', 'video')).toBe('2');
    expect(sections.list.map(({ mid }) => mid)).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('a spare that is used is followed by another spare', () => {
    const sections = new OfferedSections();
    sections.keepSpares(['audio', 'video']);
    expect(sections.spares).toEqual({ audio: '0', video: '1' });
    sections.noteUsed('1');
    expect(sections.spares).toEqual({ audio: '0' });
    sections.keepSpares(['audio', 'video']);
    expect(sections.list.map(({ mid, kind }) => `${mid} ${kind}`)).toEqual(['0 audio', '1 video', '2 video']);
  });

  test('one that the client has closed is used again under another mid, in its place', () => {
    const sections = new OfferedSections();
    sections.keepSpares(['audio', 'video']);
    sections.carry('a', 'video');
    sections.close('1');
    expect(offer(sections)).toContain('m=video 0 ');
    sections.keepSpares(['audio', 'video']);
    expect(sections.list.map(({ mid, use }) => `${mid} ${use}`)).toEqual(['0 up', '3 up', '2 down']);
  });

  test('are not without end', () => {
    const sections = new OfferedSections();
    const mids = Array.from({ length: 200 }, (_, index) => sections.carry(`track-${index}`, 'audio'));
    expect(mids.filter((mid) => mid !== undefined)).toHaveLength(136);
  });
});

describe('an answer', () => {
  const sections = new OfferedSections();
  sections.keepSpares(['audio', 'video']);
  const mid = sections.carry('camera-1', 'video') ?? '';
  const offered = offer(sections, { [mid]: CAMERA });
  const sends = (ssrc: number) => `sendonly\na=msid:- t\na=ssrc:${ssrc} cname:me`;

  test('tells what the client sends, and what it takes', () => {
    expect(read(answer(offered, sends(50), 'inactive', 'recvonly'), sections)).toMatchObject([
      { mid: '0', use: 'up', reception: { rtpParameters: { mid: '0', encodings: [{ ssrc: 50 }] } } },
      { mid: '1', use: 'up', reception: undefined },
      { mid: '2', use: 'down', isWanted: true },
    ]);
  });

  test('that says it sends, and names no track, sends nothing', () => {
    expect(read(answer(offered, 'sendonly', 'sendonly', 'recvonly'), sections)).toMatchObject([
      { reception: undefined },
      { reception: undefined },
      { isWanted: true },
    ]);
  });

  test('may repeat parts of the offer where it sends nothing', () => {
    const repeating = 'recvonly\na=ssrc-group:FID 4000000000 4000000001';
    expect(read(answer(offered, 'inactive', 'inactive', repeating), sections)).toMatchObject([
      {},
      {},
      { isWanted: true },
    ]);
  });

  test('may want nothing, or close sections', () => {
    expect(read(answer(offered, 'inactive', 'closed', 'inactive'), sections)).toEqual([
      { mid: '0', use: 'up', reception: undefined },
      { mid: '1', use: 'closed' },
      { mid: '2', use: 'down', isWanted: false },
    ]);
  });

  test('with layers gives them by rid', () => {
    const layered = offer(sections, { [mid]: CAMERA }, true);
    const lines = 'sendonly\na=rid:q send\na=rid:h send\na=rid:f send\na=simulcast:send q;h;f';
    expect(read(answer(layered, 'inactive', lines, 'recvonly'), sections)[1]).toMatchObject({
      reception: { rtpParameters: { encodings: [{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }] } },
    });
  });

  const wrong: [string, string, RegExp][] = [
    [
      'with a section less',
      answer(offered, sends(1)).split('m=').slice(0, 3).join('m='),
      /3 sections, and the answer has 2/,
    ],
    [
      'with another mid',
      answer(offered).replace('a=mid:2', 'a=mid:7').replace('0 1 2', '0 1 7'),
      /another one than in the offer/,
    ],
    [
      'with a number that was not offered',
      answer(offered, sends(1)).replaceAll('111', '96'),
      /payload type 96/,
    ],
    [
      'that leaves the choice of roles',
      answer(offered).replaceAll('a=setup:active', 'a=setup:actpass'),
      /makes no sense in an answer/,
    ],
    ['in which two sections send the same', answer(offered, sends(9), sends(9)), /ssrc 9 belongs to two/],
    ['that is another kind', answer(offered).replace('m=audio', 'm=video'), /another one/],
  ];
  test.each(wrong)('%s is refused', (_what, text, reason) => {
    expect(() => read(text, sections)).toThrow(reason);
  });

  test('of one who speaks of a whole other connection is refused', () => {
    const other = sdp(
      'v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0',
      `m=audio 9 UDP/TLS/RTP/SAVPF 0\na=mid:0\na=rtcp-mux\na=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\na=fingerprint:sha-256 ${FINGERPRINT}\na=setup:active`,
    );
    expect(() => read(other, sections)).toThrow('the offer had 3 sections');
  });
});
