/** Secrets that stand in documentation for everybody to read, and so protect nothing. */

const SAMPLES: ReadonlySet<string> = new Set([
  'admin',
  'kaa',
  'minioadmin',
  'minioadmin123',
  'password',
  'postgres',
  'secret',
  'streaming_pass',
  'username',
]);

/** `your-secret`, `turn:your-turn-server.com`, `change-me-please`. */
const PLACEHOLDER = /(^|:)(your-|your_|change[-_]?me|change[-_]?this|replace[-_]?me|example[-_])/;
const ONE_CHARACTER_REPEATED = /^(.)\1*$/su;

export function isSampleSecret(value: string): boolean {
  const plain = value.toLowerCase();
  return SAMPLES.has(plain) || PLACEHOLDER.test(plain) || ONE_CHARACTER_REPEATED.test(plain);
}
