/** A root file system in a folder, and programs that run in it as in a container: own mounts, own process ids, the network of this machine. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Subprocess } from 'bun';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const MAKER = '/run/kaa-image';

export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
}

export interface ContainerOptions extends RunOptions {
  /** `uid:gid` */
  readonly user: string;
  /** What can be written, by its path in there: folders of this machine. Everything else is read-only, but /tmp. */
  readonly volumes: Readonly<Record<string, string>>;
}

/** Runs a command of a shell as root, with the registries of this machine. Rejects with the end of what it printed. */
export async function runAsMaker(root: string, command: string, { env, workdir }: RunOptions): Promise<void> {
  const files = await lendRegistries(root);
  const mounts = Object.entries(files).map(([inside, outside]) => `mount --bind ${outside} ${root}${inside}`);
  const child = enter(
    root,
    [...mounts, `exec chroot ${root} /usr/bin/env -i -C ${workdir} "$@"`],
    [...words({ PATH, HOME: '/root', ...makerEnvironment(files), ...env }), '/bin/sh', '-c', command],
  );
  const output = await readAll(child);
  for (const inside of Object.keys(files)) {
    if (inside.startsWith(MAKER) || inside.startsWith('/root')) await rm(`${root}${inside}`);
  }
  if (child.exitCode !== 0)
    throw new Error(`${command}\nended with ${child.exitCode}:\n${output.slice(-3_000)}`);
}

/** Runs a program as a container does that may do nothing: read-only, a user, no capabilities. */
export async function startContainer(root: string, command: readonly string[], options: ContainerOptions) {
  const [uid = '', gid = ''] = options.user.split(':');
  const volumes = Object.entries(options.volumes).flatMap(([inside, outside]) => [
    `mount --bind ${outside} ${root}${inside}`,
  ]);
  return enter(
    root,
    [
      `mount -o remount,bind,ro ${root}`,
      ...volumes,
      `mount -t tmpfs tmpfs ${root}/tmp`,
      `exec chroot ${root} /usr/bin/setpriv --reuid ${uid} --regid ${gid} --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs /usr/bin/env -i -C ${options.workdir} "$@"`,
    ],
    [...words({ PATH, ...options.env }), ...command],
  );
}

/** The process in there that is number one: signals go to it, as Docker sends them. */
export async function firstProcessOf(container: Subprocess): Promise<number> {
  const children = await Bun.file(`/proc/${container.pid}/task/${container.pid}/children`).text();
  return Number(children.trim().split(' ')[0]);
}

export async function readAll(child: ReturnType<typeof enter>): Promise<string> {
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await child.exited;
  return out + err;
}

function enter(root: string, steps: readonly string[], args: readonly string[]) {
  const script = [
    'set -e',
    'mount --make-rprivate /',
    `mount --bind ${root} ${root}`,
    `mount -t proc proc ${root}/proc`,
    `mount --rbind /dev ${root}/dev`,
    ...steps,
  ].join('\n');
  return Bun.spawn(
    [
      'unshare',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--',
      '/bin/sh',
      '-c',
      script,
      'enter',
      ...args,
    ],
    { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  );
}

function words(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** Where packages come from is a matter of this machine and not of what is made: it is lent while something is made. */
async function lendRegistries(root: string): Promise<Record<string, string>> {
  const wanted: Record<string, string> = {
    '/etc/apt': '/etc/apt',
    '/etc/resolv.conf': '/etc/resolv.conf',
    [`${MAKER}/ca.crt`]: process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt',
    '/root/.npmrc': join(homedir(), '.npmrc'),
  };
  const there = Object.entries(wanted).filter(([, outside]) => existsSync(outside));
  for (const [inside] of there) {
    if (existsSync(`${root}${inside}`)) continue;
    await mkdir(dirname(`${root}${inside}`), { recursive: true });
    await writeFile(`${root}${inside}`, '');
  }
  return Object.fromEntries(there);
}

function makerEnvironment(files: Readonly<Record<string, string>>): Record<string, string> {
  const authorities = `${MAKER}/ca.crt`;
  return authorities in files ? { SSL_CERT_FILE: authorities, NODE_EXTRA_CA_CERTS: authorities } : {};
}
