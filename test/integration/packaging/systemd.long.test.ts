/**
 * The unit under a systemd that has booted a Debian of its own: made by the very commands of docs/deployment.md, with its
 * protection in force, recording a call, stopped and killed.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Subprocess } from 'bun';
import { findCacheRoot } from '../../../scripts/mediasoup-worker/cache.ts';
import { describeLong } from '../../support/long.ts';
import { debootstrap } from '../../support/packaging/debootstrap.ts';
import { firstProcessOf, runAsMaker } from '../../support/packaging/rootfs.ts';
import { findFreePort } from '../../support/postgres.ts';

const PROJECT = join(import.meta.dir, '../../..');
const MAKE_LIMIT_MS = 60 * 60_000;
const LIMIT_MS = 5 * 60_000;
/** Debian's own Python: the client needs its packages python3-aiortc and python3-aiohttp. */
const PYTHON = '/usr/bin/python3';
const NEEDED = ['debootstrap', 'systemd-nspawn', 'nsenter'];

function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root';
  const missing = NEEDED.filter((program) => Bun.which(program) === null);
  if (missing.length > 0) return `there is no ${missing.join(', no ')} on this machine`;
  const client = Bun.spawnSync([PYTHON, '-c', 'import aiortc, aiohttp']);
  return client.exitCode === 0 ? undefined : 'there is no python3-aiortc on this machine';
}

describeLong('the service', () => {
  const reason = obstacle();
  if (reason === undefined) suite();
  else test.skip(`cannot be run here: ${reason}`, () => {});
});

function suite(): void {
  let folder: string;
  let root: string;
  let machine: Subprocess;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp('/var/tmp/kaa-systemd-');
    root = join(folder, 'root');
    await makeMachine(root);
    const port = await findFreePort();
    url = `http://127.0.0.1:${port}`;
    // Between this test and the server there is loopback alone.
    const settings = { PORT: port, WEBRTC_ANNOUNCED_ADDRESS: '127.0.0.1', WEBRTC_LISTEN_IP: '127.0.0.1' };
    const lines = Object.entries({ ...settings, WEBRTC_PORT: 0, GRPC_PORT: 0, WEBRTC_WORKERS: 1 });
    await appendFile(
      join(root, 'etc/kaa/kaa.env'),
      lines.map(([name, value]) => `${name}=${value}\n`).join(''),
    );
    machine = Bun.spawn(
      [
        'setsid',
        'systemd-nspawn',
        '--quiet',
        '--register=no',
        '--keep-unit',
        `--directory=${root}`,
        '--boot',
      ],
      { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
    );
    await untilSays('running', () => inside('systemctl', 'is-system-running'));
    await inside('systemctl', 'enable', '--now', 'kaa');
  }, MAKE_LIMIT_MS);

  afterAll(async () => {
    machine?.kill('SIGKILL');
    await machine?.exited;
    await rm(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  async function inside(...command: string[]): Promise<string> {
    const first = await firstProcessOf(machine);
    const enter = [
      'nsenter',
      `--target=${first}`,
      ...['mount', 'uts', 'ipc', 'net', 'pid', 'root', 'wd'].map((name) => `--${name}`),
    ];
    const child = Bun.spawn([...enter, ...command], { stdout: 'pipe', stderr: 'ignore' });
    return (await new Response(child.stdout).text()).trim();
  }

  const showService = async (name: string) =>
    inside('systemctl', 'show', '--value', `--property=${name}`, 'kaa');
  const isReady = () =>
    untilSays('200', () =>
      fetch(`${url}/ready`).then(
        ({ status }) => String(status),
        () => '',
      ),
    );

  test(
    'gets ready as a user of its own, who may do nothing else',
    async () => {
      await isReady();
      const status = await inside('cat', `/proc/${await showService('MainPID')}/status`);
      expect(status).toMatch(/^CapBnd:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(status).toMatch(/^Seccomp:\s+2$/m);
      expect(status).not.toMatch(/^Uid:\s+0\b/m);
      expect(await inside('stat', '--format=%U %a', '/var/lib/kaa/')).toBe('kaa 700');
    },
    LIMIT_MS,
  );

  test(
    'records a call and makes a file of it, inside of all its fences',
    async () => {
      const token = await inside(
        'sh',
        '-c',
        'cd /opt/kaa && CONFIG_FILE=/etc/kaa/kaa.env bun run --silent token --user alice --role host',
      );
      const ask = async (method: string, path: string, body?: object) => {
        const response = await fetch(`${url}${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(body && { body: JSON.stringify(body) }),
        });
        return response.json();
      };
      await ask('POST', '/video-calls', { id: 'standup' });
      const publisher = Bun.spawn(
        [PYTHON, join(PROJECT, 'examples/aiortc_whip.py'), `${url}/whip/standup`, token],
        { stdout: 'ignore', stderr: 'ignore' },
      );
      try {
        await untilSays('1', async () =>
          String((await ask('GET', '/video-calls/standup/stats')).participantCount),
        );
        const { recordingId } = await ask('POST', '/video-calls/standup/recording/start', {});
        await Bun.sleep(10_000);
        await ask('POST', '/video-calls/standup/recording/stop', {});
        await untilSays('completed', async () => (await ask('GET', `/recordings/${recordingId}`)).status);
        expect((await ask('GET', `/recordings/${recordingId}`)).file_size).toBeGreaterThan(10_000);
      } finally {
        publisher.kill('SIGKILL');
        await publisher.exited;
      }
    },
    LIMIT_MS,
  );

  test(
    'stops with 0, and is there again after a kill',
    async () => {
      await inside('systemctl', 'restart', 'kaa');
      await isReady();
      await inside('systemctl', 'kill', '--kill-whom=main', '--signal=KILL', 'kaa');
      await untilSays('1', () => showService('NRestarts'));
      await isReady();
      await inside('systemctl', 'stop', 'kaa');
      expect([await showService('Result'), await showService('ExecMainStatus')]).toEqual(['success', '0']);
    },
    LIMIT_MS,
  );
}

/** A Debian with systemd, and Kaa installed as docs/deployment.md says. */
async function makeMachine(root: string): Promise<void> {
  await debootstrap(root);
  const make = (command: string) => runAsMaker(root, command, { env: {}, workdir: '/' });
  await make(
    'apt-get update && apt-get install --yes --no-install-recommends systemd systemd-sysv libnss-systemd',
  );
  const target = join(root, 'opt/kaa');
  await mkdir(target, { recursive: true });
  const tracked = Bun.spawnSync(
    ['sh', '-c', 'git ls-files -z | tar --null --files-from=- -cf - | tar -C "$1" -xf -', 'copy', target],
    {
      cwd: PROJECT,
    },
  );
  if (tracked.exitCode !== 0) throw new Error(tracked.stderr.toString());
  // A worker that was made here already need not be made again there.
  const cached = join(findCacheRoot(process.env), 'mediasoup-worker');
  if (existsSync(cached)) await cp(cached, join(target, '.cache/mediasoup-worker'), { recursive: true });
  await make('apt-get install --yes --no-install-recommends libsrtp2-1 libuv1');
  for (const command of await readCommands()) await make(`cd /opt/kaa; set -e\n${command}`);
}

/** The blocks of commands of the document, up to the first that wants the system to run. */
async function readCommands(): Promise<string[]> {
  const text = await Bun.file(join(PROJECT, 'docs/deployment.md')).text();
  const section = text.slice(text.indexOf('## As a service of systemd'), text.indexOf('## In containers'));
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const later = /^(editor|systemctl|journalctl|curl) /;
  return blocks.map((block) =>
    block
      .split('\n')
      .filter((line) => !later.test(line))
      .join('\n'),
  );
}

async function untilSays(wanted: string, ask: () => Promise<string>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS / 2;
  let said = '';
  while (Date.now() < deadline) {
    said = await ask().catch((error: unknown) => String(error));
    if (said === wanted) return;
    await Bun.sleep(250);
  }
  throw new Error(`"${wanted}" was waited for, and "${said}" was said last`);
}
