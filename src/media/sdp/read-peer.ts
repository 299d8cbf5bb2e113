/** ICE and DTLS of the other side: one transport for the whole description. */
import type { Fingerprint, SdpPeer, Setup } from './description.ts';
import { invalidSdp } from './refusal.ts';
import type { ParsedMedia, ParsedSession } from './shape.ts';

/** RFC 8839, section 5.4. */
const UFRAG = /^[A-Za-z0-9+/=_-]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/=_-]{22,256}$/;
/** The length of each hash in bytes; RFC 8122, section 5. */
const HASH_BYTES: Readonly<Record<Fingerprint['algorithm'], number>> = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

/**
 * What stands in a section wins over what stands above all of them (RFC 8839, section 5.4; RFC 8842, section 5). In a BUNDLE group
 * the first open section speaks for all (RFC 9143, section 7.1.3). Throws `invalid_sdp`.
 */
export function readPeer(
  session: ParsedSession,
  open: readonly ParsedMedia[],
  role: 'offer' | 'answer',
): SdpPeer {
  const [first] = open;
  const fingerprints = open.map(({ fingerprint }) => fingerprint ?? session.fingerprint);
  const [fingerprint] = fingerprints;
  if (!fingerprint) throw invalidSdp('it has no a=fingerprint.');
  const own = toFingerprint(fingerprint);
  const others = fingerprints.filter((other) => other !== undefined).map(toFingerprint);
  if (others.some(({ value }) => value !== own.value))
    throw invalidSdp('sections of one BUNDLE group have different fingerprints.');
  return { iceUfrag: readUfrag(session, first), setup: readSetup(session, first, role), fingerprint: own };
}

function readUfrag(session: ParsedSession, first: ParsedMedia | undefined): string {
  const ufrag = first?.iceUfrag ?? session.iceUfrag;
  const password = first?.icePwd ?? session.icePwd;
  if (ufrag === undefined || password === undefined) throw invalidSdp('it has no a=ice-ufrag and a=ice-pwd.');
  if (!UFRAG.test(String(ufrag)) || !PASSWORD.test(String(password)))
    throw invalidSdp('its ICE credentials have another form than RFC 8839 gives them.');
  return String(ufrag);
}

/** RFC 8842, section 5.3: an answer chooses; without a word the offerer is passive and the answerer active. */
function readSetup(session: ParsedSession, first: ParsedMedia | undefined, role: 'offer' | 'answer'): Setup {
  const setup = first?.setup ?? session.setup ?? (role === 'offer' ? 'passive' : 'active');
  if (setup === 'active' || setup === 'passive') return setup;
  if (setup === 'actpass' && role === 'offer') return setup;
  throw invalidSdp(`a=setup:${setup.slice(0, 16)} makes no sense in an ${role}.`);
}

/** A malformed one never reaches a worker: it has killed workers. */
function toFingerprint({ type, hash }: { type: string | number; hash: string | number }): Fingerprint {
  const algorithm = String(type).toLowerCase();
  const value = String(hash).trim().toUpperCase();
  if (!isAlgorithm(algorithm))
    throw invalidSdp(`nobody knows the hash ${algorithm.slice(0, 16)} of a=fingerprint.`);
  const pairs = value.split(':');
  if (pairs.length !== HASH_BYTES[algorithm] || !pairs.every((pair) => /^[0-9A-F]{2}$/.test(pair)))
    throw invalidSdp(
      `a=fingerprint is no ${algorithm}: ${HASH_BYTES[algorithm]} bytes in hexadecimal, with colons.`,
    );
  return { algorithm, value };
}

function isAlgorithm(word: string): word is Fingerprint['algorithm'] {
  return Object.hasOwn(HASH_BYTES, word);
}
