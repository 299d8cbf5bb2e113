/** A PostgreSQL server for tests, from the binaries of Debian's package; owns its process and its folder. */
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARIES_FOLDER = '/usr/lib/postgresql';
const SYSTEM_USER = 'postgres';
const READY_TEXT = 'ready to accept connections';
const START_TIMEOUT_MS = 30_000;
/** The free port is found and let go before the server takes it: somebody else may be faster. */
const START_ATTEMPTS = 3;
const RESTART_ATTEMPTS = 50;
const RESTART_PAUSE_MS = 100;

export interface TestPostgres {
  /** Of an empty database, as a superuser with a password. */
  url: string;
  /** Kills the server, and starts it again on the same folder and port after so many milliseconds. Resolves when it is ready. */
  crash(downMs: number): Promise<void>;
  /** Ends the server at once and removes its folder. Twice is no error. */
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** A free one when not given. */
  port?: number;
}

export async function startPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const binaries = await findBinaries();
  const folder = await mkdtemp(join(tmpdir(), 'kaa-postgres-'));
  try {
    const password = 'test-password';
    const data = await initialise(binaries, folder, password);
    const { process: first, port } = await start(binaries, data, options.port);
    let process = first;
    let stopping: Promise<void> | undefined;
    return {
      url: `postgres://kaa:${password}@127.0.0.1:${port}/postgres`,
      crash: async (downMs) => {
        process.kill('SIGKILL');
        await process.exited;
        await Bun.sleep(downMs);
        process = await restart(binaries, data, port);
      },
      stop: () => {
        stopping ??= stop(process, folder);
        return stopping;
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A port of loopback on which nobody listened a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

async function findBinaries(): Promise<string> {
  const versions = await readdir(BINARIES_FOLDER).catch(() => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) {
    throw new Error(
      `PostgreSQL is not installed (nothing in ${BINARIES_FOLDER}): apt-get install postgresql`,
    );
  }
  return join(BINARIES_FOLDER, newest, 'bin');
}

async function initialise(binaries: string, folder: string, password: string): Promise<string> {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  if (isRoot()) {
    const { uid, gid } = await findSystemUser();
    await chown(folder, uid, gid);
    await chown(passwordFile, uid, gid);
  }
  const authentication = ['--username=kaa', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const speed = ['--no-sync', '--no-instructions', '--encoding=UTF8', '--locale=C.UTF-8'];
  const command = [join(binaries, 'initdb'), '-D', data, ...authentication, ...speed];
  const process = Bun.spawn([...asAllowedUser(), ...command], {
    stdout: 'ignore',
    stderr: 'pipe',
    cwd: folder,
  });
  const errors = await new Response(process.stderr).text();
  if ((await process.exited) !== 0) throw new Error(`initdb failed: ${errors}`);
  return data;
}

async function start(binaries: string, data: string, wantedPort: number | undefined) {
  for (let attempt = 1; ; attempt += 1) {
    const port = wantedPort ?? (await findFreePort());
    const process = spawnServer(binaries, data, port);
    try {
      await waitUntilReady(process);
      return { process, port };
    } catch (error) {
      process.kill('SIGKILL');
      await process.exited;
      if (attempt === START_ATTEMPTS || wantedPort !== undefined) throw error;
    }
  }
}

/** The processes of the one that was killed end a moment after it, and until then it does not start. */
async function restart(binaries: string, data: string, port: number) {
  for (let attempt = 1; ; attempt += 1) {
    const process = spawnServer(binaries, data, port);
    try {
      await waitUntilReady(process);
      return process;
    } catch (error) {
      await process.exited;
      if (attempt === RESTART_ATTEMPTS) throw error;
      await Bun.sleep(RESTART_PAUSE_MS);
    }
  }
}

function spawnServer(binaries: string, data: string, port: number) {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'full_page_writes=off',
    'max_connections=60',
  ].flatMap((setting) => ['-c', setting]);
  const command = [join(binaries, 'postgres'), '-D', data, ...settings];
  // A test process that is killed takes its server with it.
  const dyingWithUs = ['setpriv', '--pdeathsig', 'INT'];
  return Bun.spawn([...dyingWithUs, ...userArguments(), ...command], {
    stdout: 'ignore',
    stderr: 'pipe',
    cwd: data,
  });
}

/** Resolves at the line that says so; goes on reading afterwards, so that the pipe never fills. */
function waitUntilReady(process: ReturnType<typeof spawnServer>): Promise<void> {
  const ready = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => ready.reject(new Error('PostgreSQL did not start in time')),
    START_TIMEOUT_MS,
  );
  const read = async () => {
    let text = '';
    for await (const chunk of process.stderr.pipeThrough(new TextDecoderStream())) {
      if (text.includes(READY_TEXT)) continue;
      text += chunk;
      if (text.includes(READY_TEXT)) ready.resolve();
    }
    ready.reject(new Error(`PostgreSQL ended: ${text}`));
  };
  read().catch(ready.reject);
  return ready.promise.finally(() => clearTimeout(timer));
}

async function stop(process: ReturnType<typeof spawnServer>, folder: string): Promise<void> {
  // "Immediate": nothing of it is needed any more.
  process.kill('SIGQUIT');
  await process.exited;
  await rm(folder, { recursive: true, force: true });
}

/** PostgreSQL refuses to run as root. */
function asAllowedUser(): string[] {
  return isRoot() ? ['setpriv', ...userArguments()] : [];
}

function userArguments(): string[] {
  return isRoot() ? ['--reuid', SYSTEM_USER, '--regid', SYSTEM_USER, '--clear-groups'] : [];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function findSystemUser(): Promise<{ uid: number; gid: number }> {
  const line = (await Bun.file('/etc/passwd').text())
    .split('\n')
    .find((candidate) => candidate.startsWith(`${SYSTEM_USER}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`there is no user ${SYSTEM_USER}`);
  return { uid: Number(uid), gid: Number(gid) };
}
