/** Under which address others reach this machine, when nobody said so. */
import { networkInterfaces } from 'node:os';

const EVERY_ADDRESS = ['0.0.0.0', '::'];

/** The host itself unless it stands for every address; then the first one that is not loopback, IPv4 before IPv6. */
export function ownAddress(host: string, interfaces = networkInterfaces()): string {
  if (!EVERY_ADDRESS.includes(host)) return host;
  const outward = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const found = outward.find(({ family }) => family === 'IPv4') ?? outward[0];
  return found?.address ?? '127.0.0.1';
}
