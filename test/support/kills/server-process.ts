/** The real server as a process that can be killed and started again, on the same folder and the same port. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Subprocess } from 'bun';
import { Tokens } from '../../../src/auth/index.ts';
import { findFreePort } from '../postgres.ts';
import { JWT_SECRET } from '../server.ts';

const PROJECT = join(import.meta.dir, '../../..');
const START_TIMEOUT_MS = 60_000;

export interface ServerProcessOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class ServerProcess {
  readonly dataDir: string;
  readonly url: string;
  readonly #env: Readonly<Record<string, string>>;
  #process: Subprocess | undefined;
  /** The last lines of its log. */
  readonly log: string[] = [];

  static async start({ dataDir, env = {} }: ServerProcessOptions): Promise<ServerProcess> {
    const port = await findFreePort();
    const server = new ServerProcess(dataDir, port, env);
    await server.restart();
    return server;
  }

  private constructor(dataDir: string, port: number, env: Readonly<Record<string, string>>) {
    this.dataDir = dataDir;
    this.url = `http://127.0.0.1:${port}`;
    const { MEDIASOUP_WORKER_BIN = '', PATH = '', HOME = '' } = process.env;
    this.#env = {
      PATH,
      HOME,
      MEDIASOUP_WORKER_BIN,
      DATA_DIR: dataDir,
      PORT: String(port),
      GRPC_PORT: '0',
      WEBRTC_PORT: '0',
      WEBRTC_WORKERS: '1',
      JWT_SECRET,
      LOG_FORMAT: 'json',
      ...env,
    };
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Resolves when it listens. */
  async restart(): Promise<void> {
    const listening = Promise.withResolvers<void>();
    const child = Bun.spawn([process.execPath, join(PROJECT, 'src/index.ts')], {
      cwd: this.dataDir,
      env: this.#env,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      void this.#read(stream, () => listening.resolve());
    }
    child.exited.then(() =>
      listening.reject(new Error(`the server ended: ${this.log.slice(-5).join('\n')}`)),
    );
    const timer = setTimeout(
      () => listening.reject(new Error('the server does not start')),
      START_TIMEOUT_MS,
    );
    await listening.promise.finally(() => clearTimeout(timer));
  }

  /** Resolves when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#process?.kill(signal);
    await this.#process?.exited;
  }

  async token(userId: string): Promise<string> {
    const tokens = new Tokens(JWT_SECRET);
    return (await tokens.issue({ userId, roles: ['host'], lifetimeSeconds: 3_600 })).token;
  }

  /** Sends a request as this user. Rejects when nobody answers. */
  async ask(method: string, path: string, userId: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.token(userId)}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  }

  /** Its children of this program, by name: `ffmpeg`, `mediasoup-worker`. */
  async children(program: string): Promise<number[]> {
    const all = await readProcesses();
    return all
      .filter(({ parent, name }) => parent === this.pid && name.startsWith(program))
      .map(({ pid }) => pid);
  }

  async #read(stream: ReadableStream<Uint8Array>, onListening: () => void): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        this.log.push(line);
        if (line.includes('Kaa is at')) onListening();
      }
      this.log.splice(0, this.log.length - 200);
    }
  }
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly body: any;
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** At most 15 characters. */
  readonly name: string;
  readonly command: string;
  /** The folder in which it runs. */
  readonly folder: string;
}

/** Every process of this machine that still runs (proc(5)). */
export async function readProcesses(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = await Promise.all(
    pids.map(async (pid) => {
      const [stat, command] = await Promise.all(
        ['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
      );
      const [, name = '', state = '', parent = ''] = /^\d+ \((.*)\) (\S) (\d+)/.exec(stat ?? '') ?? [];
      if (name === '' || state === 'Z') return [];
      const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      return [
        {
          pid: Number(pid),
          parent: Number(parent),
          name,
          command: (command ?? '').replaceAll('\0', ' '),
          folder,
        },
      ];
    }),
  );
  return read.flat();
}
