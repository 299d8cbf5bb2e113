/** Our end of a transport, for tests that write descriptions without one. */
import type { OwnTransport } from '../../../src/media/sdp/write-section.ts';
import { FINGERPRINT } from './offers.ts';

const candidate = { ip: '203.0.113.7', address: '203.0.113.7', port: 40_000, type: 'host' as const };

export const OWN_TRANSPORT: OwnTransport = {
  iceParameters: { usernameFragment: 'ownfrag1', password: 'ownpasswordownpassword', iceLite: true },
  iceCandidates: [
    { ...candidate, foundation: 'udpcandidate', priority: 1_076_302_079, protocol: 'udp' },
    {
      ...candidate,
      foundation: 'tcpcandidate',
      priority: 1_076_276_479,
      protocol: 'tcp',
      tcpType: 'passive',
    },
  ],
  dtlsParameters: { role: 'auto', fingerprints: [{ algorithm: 'sha-256', value: FINGERPRINT }] },
};
