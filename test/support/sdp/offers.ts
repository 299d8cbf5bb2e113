/** Offers of our own writing in the shapes of the stacks that come: what differs between them is kept, credentials are made up. */

export const FINGERPRINT = Array.from({ length: 32 }, (_, index) =>
  (index + 16).toString(16).toUpperCase(),
).join(':');
const URI = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  level: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  sendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  transportCc: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  orientation: 'urn:3gpp:video-orientation',
  captureTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  toffset: 'urn:ietf:params:rtp-hdrext:toffset',
};

/** Lines of SDP, one a line, with the line ends that RFC 8866 wants. */
export function sdp(...parts: readonly string[]): string {
  const lines = parts.flatMap((part) => part.split('\n')).map((line) => line.trim());
  return `${lines.filter((line) => line.length > 0).join('\r\n')}\r\n`;
}

const ICE = `
  a=ice-ufrag:Ab1+
  a=ice-pwd:mJ3v9kQ0sX2wTz7uYb5dNc1e`;
const DTLS = `a=fingerprint:sha-256 ${FINGERPRINT}`;

function head(bundle: string, more = ''): string {
  return `
    v=0
    o=- 4611731400430051336 2 IN IP4 127.0.0.1
    s=-
    t=0 0
    ${bundle && `a=group:BUNDLE ${bundle}`}
    ${more}`;
}

const CHROME_TRANSPORT = `
  c=IN IP4 0.0.0.0
  a=rtcp:9 IN IP4 0.0.0.0
  ${ICE}
  a=ice-options:trickle
  ${DTLS}
  a=setup:actpass`;

export const chromeAudio = (mid: string, ssrc = 1111): string => `
  m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
  ${CHROME_TRANSPORT}
  a=mid:${mid}
  a=extmap:1 ${URI.level}
  a=extmap:2 ${URI.sendTime}
  a=extmap:3 ${URI.transportCc}
  a=extmap:4 ${URI.mid}
  a=sendrecv
  a=msid:stream1 microphone1
  a=rtcp-mux
  a=rtcp-rsize
  a=rtpmap:111 opus/48000/2
  a=rtcp-fb:111 transport-cc
  a=fmtp:111 minptime=10;useinbandfec=1
  a=rtpmap:63 red/48000/2
  a=fmtp:63 111/111
  a=rtpmap:9 G722/8000
  a=rtpmap:0 PCMU/8000
  a=rtpmap:8 PCMA/8000
  a=rtpmap:13 CN/8000
  a=rtpmap:110 telephone-event/48000
  a=rtpmap:126 telephone-event/8000
  a=ssrc:${ssrc} cname:chrome
  a=ssrc:${ssrc} msid:stream1 microphone1`;

const CHROME_VIDEO = `
  a=extmap:14 ${URI.toffset}
  a=extmap:2 ${URI.sendTime}
  a=extmap:13 ${URI.orientation}
  a=extmap:3 ${URI.transportCc}
  a=extmap:4 ${URI.mid}
  a=extmap:10 ${URI.rid}
  a=extmap:11 ${URI.repairedRid}
  a=rtcp-mux
  a=rtcp-rsize
  a=rtpmap:96 VP8/90000
  a=rtcp-fb:96 goog-remb
  a=rtcp-fb:96 transport-cc
  a=rtcp-fb:96 ccm fir
  a=rtcp-fb:96 nack
  a=rtcp-fb:96 nack pli
  a=rtpmap:97 rtx/90000
  a=fmtp:97 apt=96
  a=rtpmap:103 H264/90000
  a=rtcp-fb:103 nack
  a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
  a=rtpmap:104 rtx/90000
  a=fmtp:104 apt=103
  a=rtpmap:35 AV1/90000
  a=fmtp:35 level-idx=5;profile=0;tier=0
  a=rtpmap:98 VP9/90000
  a=fmtp:98 profile-id=0
  a=rtpmap:99 rtx/90000
  a=fmtp:99 apt=98
  a=rtpmap:116 red/90000
  a=rtpmap:118 ulpfec/90000`;

export const chromeVideo = (mid: string, ssrc = 2222, direction = 'sendrecv'): string => `
  m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 35 98 99 116 118
  ${CHROME_TRANSPORT}
  a=mid:${mid}
  a=${direction}
  ${CHROME_VIDEO}
  a=msid:stream1 camera1
  a=ssrc-group:FID ${ssrc} ${ssrc + 1}
  a=ssrc:${ssrc} cname:chrome
  a=ssrc:${ssrc + 1} cname:chrome`;

const chromeSimulcast = (mid: string): string => `
  m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 35 98 99 116 118
  ${CHROME_TRANSPORT}
  a=mid:${mid}
  a=sendonly
  ${CHROME_VIDEO}
  a=msid:stream1 camera1
  a=rid:f send
  a=rid:h send
  a=rid:q send
  a=simulcast:send f;h;q`;

const DATA = `
  m=application 9 UDP/DTLS/SCTP webrtc-datachannel
  ${CHROME_TRANSPORT}
  a=mid:9
  a=sctp-port:5000`;

export const chromeHead = (...mids: string[]): string =>
  head(mids.join(' '), 'a=extmap-allow-mixed\na=msid-semantic: WMS stream1');

/** Simulcast by rid, which Chrome sends without ssrcs, and a data channel. */
export const CHROME = sdp(chromeHead('0', '1', '9'), chromeAudio('0'), chromeSimulcast('1'), DATA);
export const CHROME_PLAIN = sdp(chromeHead('0', '1'), chromeAudio('0'), chromeVideo('1'));

/** As it was before rids: ssrc groups SIM and FID. */
export const CHROME_LEGACY = sdp(
  chromeHead('0'),
  chromeVideo('0', 10).replace(
    /a=ssrc-group:FID[\s\S]*$/,
    [
      'a=ssrc-group:SIM 10 20 30',
      'a=ssrc-group:FID 10 11',
      'a=ssrc-group:FID 20 21',
      'a=ssrc-group:FID 30 31',
    ]
      .concat([10, 20, 30, 11, 21, 31].map((ssrc) => `a=ssrc:${ssrc} cname:old`))
      .join('\n'),
  ),
);

/** ICE and DTLS above all sections, directions in header extensions, VP8 as 120, three kinds of Opus parameters. */
export const FIREFOX = sdp(
  head('0 1', `a=sendrecv\n${DTLS}\na=ice-options:trickle\na=msid-semantic:WMS *`),
  `m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101
   c=IN IP4 0.0.0.0
   a=sendrecv
   a=extmap:1 ${URI.level}
   a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
   a=extmap:3 ${URI.mid}
   a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
   a=fmtp:101 0-15
   ${ICE}
   a=mid:0
   a=msid:{d3adb33f-0000-4000-8000-000000000001} {d3adb33f-0000-4000-8000-000000000002}
   a=rtcp-mux
   a=rtpmap:109 opus/48000/2
   a=rtpmap:9 G722/8000/1
   a=rtpmap:0 PCMU/8000
   a=rtpmap:8 PCMA/8000
   a=rtpmap:101 telephone-event/8000/1
   a=setup:actpass
   a=ssrc:3333 cname:{fox}`,
  `m=video 9 UDP/TLS/RTP/SAVPF 120 124 126 127
   c=IN IP4 0.0.0.0
   a=sendrecv
   a=extmap:3 ${URI.mid}
   a=extmap:4 ${URI.sendTime}
   a=extmap:5 ${URI.toffset}
   a=extmap:7 ${URI.transportCc}
   a=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1
   a=fmtp:120 max-fs=12288;max-fr=60
   a=fmtp:124 apt=120
   a=fmtp:127 apt=126
   ${ICE}
   a=mid:1
   a=msid:{d3adb33f-0000-4000-8000-000000000001} {d3adb33f-0000-4000-8000-000000000003}
   a=rtcp-fb:120 nack
   a=rtcp-fb:120 nack pli
   a=rtcp-fb:120 ccm fir
   a=rtcp-fb:120 goog-remb
   a=rtcp-fb:120 transport-cc
   a=rtcp-mux
   a=rtcp-rsize
   a=rtpmap:120 VP8/90000
   a=rtpmap:124 rtx/90000
   a=rtpmap:126 H264/90000
   a=rtpmap:127 rtx/90000
   a=setup:actpass
   a=ssrc:4444 cname:{fox}
   a=ssrc:4445 cname:{fox}
   a=ssrc-group:FID 4444 4445`,
);

/** H.264 first, in a profile that the room does not route, then in one that it does. */
export const SAFARI = sdp(
  chromeHead('0', '1'),
  chromeAudio('0', 5555),
  `m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100 101
   ${CHROME_TRANSPORT}
   a=mid:1
   a=extmap:4 ${URI.mid}
   a=extmap:3 ${URI.transportCc}
   a=sendrecv
   a=msid:stream2 camera2
   a=rtcp-mux
   a=rtcp-rsize
   a=rtpmap:96 H264/90000
   a=rtcp-fb:96 nack pli
   a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f
   a=rtpmap:97 rtx/90000
   a=fmtp:97 apt=96
   a=rtpmap:98 H264/90000
   a=rtcp-fb:98 nack
   a=rtcp-fb:98 nack pli
   a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
   a=rtpmap:99 rtx/90000
   a=fmtp:99 apt=98
   a=rtpmap:100 VP8/90000
   a=rtpmap:101 rtx/90000
   a=fmtp:101 apt=100
   a=ssrc-group:FID 6666 6667
   a=ssrc:6666 cname:safari
   a=ssrc:6667 cname:safari`,
);

/** One codec each, no header extensions, `sendonly`, one msid for both, no reduced-size RTCP. */
export const OBS = sdp(
  head(
    '0 1',
    'a=msid-semantic:WMS *\na=setup:actpass\na=ice-ufrag:Ob51\na=ice-pwd:Zk2mJ3v9kQ0sX2wTz7uYb5dN\na=ice-options:ice2,trickle',
  ),
  DTLS,
  `m=audio 56789 UDP/TLS/RTP/SAVPF 111
   c=IN IP4 192.0.2.7
   a=mid:0
   a=sendonly
   a=ssrc:7777 cname:obsCname
   a=ssrc:7777 msid:obsStream obsStream-audio
   a=msid:obsStream obsStream-audio
   a=rtcp-mux
   a=rtpmap:111 opus/48000/2
   a=fmtp:111 minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1
   a=candidate:1 1 UDP 2114977791 192.0.2.7 56789 typ host
   a=end-of-candidates`,
  `m=video 56789 UDP/TLS/RTP/SAVPF 96
   c=IN IP4 192.0.2.7
   a=mid:1
   a=sendonly
   a=ssrc:8888 cname:obsCname
   a=ssrc:8888 msid:obsStream obsStream-video
   a=msid:obsStream obsStream-video
   a=rtcp-mux
   a=rtpmap:96 H264/90000
   a=rtcp-fb:96 nack
   a=rtcp-fb:96 nack pli
   a=rtcp-fb:96 goog-remb
   a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1`,
);

/** OBS with simulcast: rid 0 is the whole picture. */
export const OBS_SIMULCAST = OBS.replace(
  /a=ssrc:8888 cname[\s\S]*?obsStream-video\r\n/,
  [
    `a=extmap:1 ${URI.mid}`,
    `a=extmap:2 ${URI.rid}`,
    'a=rid:0 send',
    'a=rid:1 send',
    'a=rid:2 send',
    'a=simulcast:send 0;1;2',
    '',
  ].join('\r\n'),
);

/** The same id for two header extensions in one BUNDLE group. */
export const AIORTC = sdp(
  head('0 1', 'a=msid-semantic:WMS *'),
  `m=audio 51000 UDP/TLS/RTP/SAVPF 96 0 8
   c=IN IP4 192.0.2.8
   a=sendrecv
   a=extmap:1 ${URI.mid}
   a=extmap:2 ${URI.level}
   a=mid:0
   a=msid:a0b1 c2d3
   a=rtcp:9 IN IP4 0.0.0.0
   a=rtcp-mux
   a=ssrc:9001 cname:aiortc
   a=rtpmap:96 opus/48000/2
   a=rtpmap:0 PCMU/8000
   a=rtpmap:8 PCMA/8000
   a=candidate:1 1 udp 2130706431 192.0.2.8 51000 typ host
   a=end-of-candidates
   ${ICE}
   ${DTLS}
   a=setup:actpass`,
  `m=video 51000 UDP/TLS/RTP/SAVPF 97 98 99 100 101 102
   c=IN IP4 192.0.2.8
   a=sendrecv
   a=extmap:1 ${URI.mid}
   a=extmap:2 ${URI.sendTime}
   a=mid:1
   a=msid:a0b1 e4f5
   a=rtcp:9 IN IP4 0.0.0.0
   a=rtcp-mux
   a=ssrc-group:FID 9002 9003
   a=ssrc:9002 cname:aiortc
   a=ssrc:9003 cname:aiortc
   a=rtpmap:97 VP8/90000
   a=rtcp-fb:97 nack
   a=rtcp-fb:97 nack pli
   a=rtcp-fb:97 goog-remb
   a=rtpmap:98 rtx/90000
   a=fmtp:98 apt=97
   a=rtpmap:99 H264/90000
   a=fmtp:99 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
   a=rtpmap:100 rtx/90000
   a=fmtp:100 apt=99
   a=rtpmap:101 H264/90000
   a=fmtp:101 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
   a=rtpmap:102 rtx/90000
   a=fmtp:102 apt=101
   ${ICE}
   ${DTLS}
   a=setup:actpass`,
);

/** One section, words for mids, and a setup that leaves no choice. */
export const LIBDATACHANNEL = sdp(
  head('video', `a=msid-semantic:WMS *\na=setup:active\n${ICE}\na=ice-options:ice2,trickle\n${DTLS}`),
  `m=video 9 UDP/TLS/RTP/SAVPF 96
   c=IN IP4 0.0.0.0
   a=mid:video
   a=sendonly
   a=ssrc:4242 cname:video-send
   a=rtcp-mux
   a=rtpmap:96 VP8/90000
   a=rtcp-fb:96 nack
   a=rtcp-fb:96 nack pli
   a=rtcp-fb:96 goog-remb`,
);

/** webrtcbin: long mids, no ssrc on the audio section, feedback for all formats, `framerate` and caps among the lines. */
export const GSTREAMER = sdp(
  head('video0 audio1', 'a=ice-options:trickle'),
  `m=video 9 UDP/TLS/RTP/SAVPF 96 97
   c=IN IP4 0.0.0.0
   a=setup:actpass
   ${ICE}
   a=rtcp-mux
   a=rtcp-rsize
   a=sendrecv
   a=rtpmap:96 VP8/90000
   a=rtcp-fb:* nack
   a=rtcp-fb:* nack pli
   a=rtcp-fb:* transport-cc
   a=framerate:30
   a=rtpmap:97 rtx/90000
   a=fmtp:97 apt=96
   a=extmap:1 ${URI.transportCc}
   a=ssrc-group:FID 515151 525252
   a=ssrc:515151 msid:user-webrtc webrtctransceiver0
   a=ssrc:515151 cname:user-webrtc
   a=ssrc:525252 msid:user-webrtc webrtctransceiver0
   a=ssrc:525252 cname:user-webrtc
   a=mid:video0
   ${DTLS}`,
  `m=audio 0 UDP/TLS/RTP/SAVPF 98
   c=IN IP4 0.0.0.0
   a=setup:actpass
   ${ICE}
   a=bundle-only
   a=rtcp-mux
   a=rtcp-rsize
   a=sendrecv
   a=rtpmap:98 OPUS/48000/2
   a=fmtp:98 sprop-stereo=0;sprop-maxcapturerate=48000
   a=extmap:2 ${URI.mid}
   a=mid:audio1
   ${DTLS}`,
);
