/** A name of the system that leads to this machine stands for every name that somebody points at a private network. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import { demandPublicUrl, isPublicAddress } from './addresses.ts';
import { fetchOutside } from './fetch-outside.ts';

let asked: string[] = [];
let server: Bun.Server<undefined>;

beforeAll(() => {
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      asked.push(`${request.headers.get('host')}${pathname}`);
      const to = searchParams.get('to');
      return to === null ? new Response('found') : Response.redirect(to, 302);
    },
  });
});
afterAll(() => server.stop(true));

const signal = AbortSignal.timeout(20_000);
const ask = (url: string, allowsPrivate = true) => fetchOutside(url, { allowsPrivate, signal });

test('addresses of this machine, of networks at home, of clouds and of nobody are not public', () => {
  const inside = [
    ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
    ...['100.64.0.1', '198.18.0.1', '192.0.2.1', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1'],
    ...['fd00::1', '::ffff:127.0.0.1', '::ffff:a00:1', '64:ff9b::a00:1', '2002:a00:1::', 'ff02::1', 'no'],
  ];
  expect(inside.filter(isPublicAddress)).toEqual([]);
  expect(['8.8.8.8', '2a00:1450:4001::1', '::ffff:8.8.8.8'].filter((one) => !isPublicAddress(one))).toEqual(
    [],
  );
});

describe('an address that somebody names', () => {
  test('is asked by the name that it has', async () => {
    asked = [];
    const { response, url } = await ask(`http://localhost:${server.port}/a?to=/b`);
    expect([await response.text(), url.pathname]).toEqual(['found', '/b']);
    expect(asked).toEqual([`localhost:${server.port}/a`, `localhost:${server.port}/b`]);
  });

  test('is not asked when it is private, whether as a number, a name or another spelling', async () => {
    asked = [];
    const hosts = ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '[::1]'];
    for (const host of hosts) {
      const url = `http://${host}:${server.port}/`;
      expect(await failureOf(ask(url, false))).toMatchObject({ code: 'validation_error' });
      expect(await failureOf(demandPublicUrl(url, { allowsPrivate: false }))).toMatchObject({
        code: 'validation_error',
      });
    }
    for (const url of ['file:///etc/passwd', 'ftp://example.com/', 'gopher://x', 'nothing']) {
      expect(await failureOf(ask(url))).toMatchObject({ code: 'validation_error' });
    }
    expect(asked).toEqual([]);
  });

  test('that leads into a private network is given up there', async () => {
    asked = [];
    const isPublic = (address: string) => address === '127.0.0.1';
    const leads = (to: string) =>
      fetchOutside(`http://127.0.0.1:${server.port}/?to=${to}`, { allowsPrivate: false, isPublic, signal });
    expect(await (await leads('/there')).response.text()).toBe('found');
    for (const host of ['127.0.0.2', '169.254.169.254', '[::1]']) {
      expect(await failureOf(leads(`http://${host}:${server.port}/secret`))).toMatchObject({
        code: 'validation_error',
      });
    }
    expect(asked.filter((path) => path.includes('secret'))).toEqual([]);
  });

  test('that leads to something else than the web, or around in circles, is given up', async () => {
    const at = `http://localhost:${server.port}`;
    expect(await failureOf(ask(`${at}/?to=file:///etc/passwd`))).toMatchObject({ code: 'validation_error' });
    const circle = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: () => new Response(null, { status: 302, headers: { location: '/' } }),
    });
    const failure = await failureOf(ask(`http://127.0.0.1:${circle.port}/`));
    await circle.stop(true);
    expect(failure).toMatchObject({ code: 'unavailable' });
  });

  test('where nobody listens is unavailable', async () => {
    expect(await failureOf(ask('http://127.0.0.1:9/'))).toMatchObject({ code: 'unavailable' });
    expect(await failureOf(ask('http://no-such-host.invalid/'))).toMatchObject({ code: 'unavailable' });
  });
});
