/** The examples of other stacks publish into a real call. What is not installed is skipped, and said. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { findPython } from '../support/python.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const EXAMPLES = join(import.meta.dir, '../../examples');
const TIMEOUT_MS = 90_000;

interface Example {
  readonly name: string;
  /** What it imports. */
  readonly modules: string;
  readonly packages: string;
}

const examples: readonly Example[] = [
  { name: 'aiortc_whip.py', modules: 'aiortc, aiohttp', packages: 'python3-aiortc python3-aiohttp' },
  {
    name: 'gstreamer_whip.py',
    modules: "gi; gi.require_version('GstWebRTC', '1.0'); from gi.repository import GstWebRTC",
    packages:
      'python3-gi gir1.2-gst-plugins-bad-1.0 gstreamer1.0-nice gstreamer1.0-plugins-good gstreamer1.0-plugins-bad',
  },
];

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
}, TIMEOUT_MS);

afterAll(() => server?.close());

describe('publishes sound and picture by WHIP, and leaves when it is interrupted:', () => {
  for (const { name, modules, packages } of examples) {
    const python = findPython(modules);
    if (python === undefined) console.log(`${name} is skipped: install ${packages}`);
    test.skipIf(python === undefined)(
      name,
      () => publishes(name, [python ?? '', join(EXAMPLES, name)]),
      TIMEOUT_MS,
    );
  }
});

async function publishes(name: string, command: readonly string[]): Promise<void> {
  const roomId = name.replace(/\W/g, '-');
  const url = new URL(`/whip/${roomId}`, server.url);
  url.hostname = '127.0.0.1';
  const child = Bun.spawn([...command, url.href, await server.token('studio')], {
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const output = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const studio = () => server.app.calls.registry.get(roomId)?.participants.get('studio');
  try {
    await until(`${name} is in the call`, () => studio() !== undefined || child.exitCode !== null, 40_000);
    const tracks = [...(studio()?.publications.values() ?? [])];
    if (tracks.length === 0) throw new Error((await output).join('\n').slice(-2_000));
    expect(tracks.map(({ kind }) => kind).toSorted()).toEqual(['audio', 'video']);
    for (const track of tracks) {
      let packets = 0;
      while (packets < 20) {
        packets = (await track.packetCounts())[0] ?? 0;
        await Bun.sleep(20);
      }
    }
    child.kill('SIGINT');
    await until(`${name} has left`, () => studio() === undefined, 20_000);
  } finally {
    child.kill('SIGKILL');
    await child.exited;
  }
}
