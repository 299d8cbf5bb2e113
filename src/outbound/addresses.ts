/** Which addresses may be asked when somebody else has named them: public ones of the internet, unless all are allowed. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError } from '../lib/index.ts';

export interface AddressRules {
  /** Whether private addresses may be asked too. */
  readonly allowsPrivate: boolean;
  /** Which addresses are public. Default: `isPublicAddress`. */
  readonly isPublic?: (address: string) => boolean;
}

/** Whether it is one of the internet: not of this machine, of a network at home, of a cloud's own services, or of none. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address that is written as IPv6 is that IPv4 address.
  return ipaddr.process(address).range() === 'unicast';
}

/**
 * Every address of the host of a URL, resolved now. Rejects with `validation_error` when the URL is none for the web or one of the
 * addresses may not be asked, and with `unavailable` when the name cannot be resolved.
 */
export async function resolveOutside(
  url: URL,
  { allowsPrivate, isPublic = isPublicAddress }: AddressRules,
): Promise<readonly string[]> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('validation_error', 'Only addresses of http and https are asked.');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  // One that is private among public ones is enough: the connection could be made to it.
  if (allowsPrivate || addresses.every(isPublic)) return addresses;
  throw new AppError(
    'validation_error',
    'The address leads into a private network, which is not asked (ALLOW_PRIVATE_URLS).',
  );
}

/** Rejects as `resolveOutside` does, but for a name that cannot be resolved now: that is found out when it is asked. */
export async function demandPublicUrl(url: string, rules: AddressRules): Promise<void> {
  if (!URL.canParse(url)) throw new AppError('validation_error', 'This is no URL.');
  await resolveOutside(new URL(url), rules).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'unavailable') return;
    throw error;
  });
}

async function resolve(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  } catch (cause) {
    throw new AppError('unavailable', 'The name of the host cannot be resolved.', 'destination', { cause });
  }
}
