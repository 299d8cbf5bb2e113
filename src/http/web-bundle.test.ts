import { beforeAll, describe, expect, test } from 'bun:test';
import { buildWebApp, type WebBundle } from './web-bundle.ts';

const AUTH_URL = 'https://id.example.org/?app="kaa"';

describe('the page', () => {
  let production: WebBundle;
  let development: WebBundle;

  beforeAll(async () => {
    [production, development] = await Promise.all([
      buildWebApp({ isDevelopment: false, authUrl: AUTH_URL }),
      buildWebApp({ isDevelopment: true, filesOrigins: ['https://files.example.org'] }),
    ]);
  });

  test('refers only to files that are there, each named by its content', () => {
    for (const { index, assets } of [production, development]) {
      const paths = [...String(index.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
      expect(paths).toHaveLength(3);
      for (const path of paths) expect(assets.has(path!)).toBe(true);
      for (const path of assets.keys()) expect(path).toMatch(/^\/assets\/[a-z]+-[a-z0-9]{6,}\.[a-z.]+$/);
    }
  });

  test('lets browsers keep the files for ever, and ask for the page each time', () => {
    expect(production.index.headers['cache-control']).toBe('no-cache');
    for (const { headers } of production.assets.values()) {
      expect(headers['cache-control']).toContain('immutable');
      expect(headers.etag).toMatch(/^"\w+"$/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('allows no script but its own', () => {
    const policy = production.index.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(String(production.index.body)).not.toMatch(/<script>|style="|onclick=/);
  });

  test('plays and shows files of the storage of recordings, and of nobody else', () => {
    const sourcesOf = ({ index }: WebBundle, name: string) =>
      index.headers['content-security-policy']?.split('; ').find((part) => part.startsWith(`${name} `));
    expect(sourcesOf(production, 'media-src')).toBe("media-src 'self' blob: mediastream:");
    expect(sourcesOf(development, 'media-src')).toBe(
      "media-src 'self' blob: mediastream: https://files.example.org",
    );
    expect(sourcesOf(development, 'img-src')).toBe("img-src 'self' data: blob: https://files.example.org");
    for (const name of ['script-src', 'connect-src', 'default-src'])
      expect(sourcesOf(development, name)).toBe(sourcesOf(production, name)!);
  });

  test('carries the place to sign in, safely written, only when there is one', () => {
    expect(String(production.index.body)).toContain('content="https://id.example.org/?app=&quot;kaa&quot;"');
    expect(String(development.index.body)).not.toContain('kaa-auth-url');
    expect(String(development.index.body)).not.toContain('{{');
  });

  test('is small in production, and does not carry the schemas of the protocol', () => {
    const script = (bundle: WebBundle) => {
      const file = [...bundle.assets].find(([path]) => path.endsWith('.js'))?.[1];
      return file ? new TextDecoder().decode(file.body as Uint8Array) : '';
    };
    expect(script(production).length).toBeGreaterThan(100_000);
    expect(script(production).length).toBeLessThan(script(development).length * 0.7);
    expect(script(development)).not.toMatch(/typebox/i);
    expect([...production.assets.keys()].some((path) => path.endsWith('.map'))).toBe(false);
  });
});
