/** An offer of one sound, for tests in which nobody connects. */
export function audioOffer(): string {
  const [audio = ''] = audioAndVideoOffer('sendonly').split('m=video');
  return audio.replace('a=group:BUNDLE 0 1', 'a=group:BUNDLE 0');
}

/** An offer of one sound and one picture, for tests in which nobody connects. */
export function audioAndVideoOffer(direction: 'sendonly' | 'recvonly'): string {
  const transport = [
    'a=ice-ufrag:Zx8k',
    'a=ice-pwd:Qm3nY0bq6mJtqk0a1nB5yJ2p',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'A1').join(':')}`,
    'a=setup:actpass',
    `a=${direction}`,
    'a=rtcp-mux',
  ];
  const sent = (ssrc: number) => (direction === 'sendonly' ? [`a=ssrc:${ssrc} cname:studio`] : []);
  const lines = [
    'v=0',
    'o=- 4962303333179871722 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    ...transport,
    'a=rtpmap:111 opus/48000/2',
    ...sent(1_001),
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:1',
    ...transport,
    'a=rtpmap:96 VP8/90000',
    ...sent(1_002),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
