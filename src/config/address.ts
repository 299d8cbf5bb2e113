/** Formats of what points somewhere: ports, addresses, URLs, origins, paths. */
import { isIP } from 'node:net';
import { Type } from '@sinclair/typebox';
import { type Format, format, integer } from './format.ts';

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

/** Port 0 lets the system choose a free one. */
export function port(range: { minimum: 0 | 1 } = { minimum: 1 }): Format<number> {
  return integer({ minimum: range.minimum, maximum: 65_535 });
}

export function ipAddress(): Format<string> {
  return checked({ expected: 'an IPv4 or IPv6 address', isValid: (value) => isIP(value) !== 0 });
}

export function host(): Format<string> {
  return checked({
    expected: 'an IP address or a host name',
    isValid: (value) => isIP(value) !== 0 || HOST_NAME.test(value),
  });
}

export function folder(): Format<string> {
  return checked({ expected: 'an absolute path', isValid: (value) => value.startsWith('/') });
}

/** An address or a network such as `10.0.0.0/8`. */
export function network(): Format<string> {
  return checked({ expected: 'an IP address or a network such as 10.0.0.0/8', isValid: isNetwork });
}

export function url(options: { protocols: readonly string[]; example: string }): Format<string> {
  return checked({
    expected: `a URL such as ${options.example}`,
    isValid: (value) => URL.canParse(value) && options.protocols.includes(new URL(value).protocol),
  });
}

/** As browsers send it in the `Origin` header. */
export function origin(): Format<string> {
  return checked({
    expected: 'an origin such as https://app.example.com, without a path (and not *)',
    isValid: (value) => /^[a-z][a-z0-9+.-]*:\/\/[^/?#@*\s]+$/i.test(value) && URL.canParse(value),
  });
}

/** RFC 7064 and RFC 7065. */
export function iceServerUrl(): Format<string> {
  return checked({
    expected: 'a URL such as stun:stun.example.com:3478 or turns:turn.example.com:443?transport=tcp',
    isValid: (value) =>
      /^(stuns?|turns?):(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+)(:\d{1,5})?(\?transport=(udp|tcp))?$/i.test(value),
  });
}

function checked(options: { expected: string; isValid: (value: string) => boolean }): Format<string> {
  return format({
    schema: Type.String({ minLength: 1 }),
    expected: options.expected,
    read: (value) => (options.isValid(value) ? value : undefined),
  });
}

function isNetwork(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
