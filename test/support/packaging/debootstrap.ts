/** The smallest Debian 12 in a folder, from the mirror that this machine uses. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** `debian:12-slim` is made of the same packages, with fewer of their documents. Returns the folder. Needs root. */
export async function debootstrap(target: string): Promise<string> {
  const sources = await readSources();
  const mirror = /^URIs: (\S+)/m.exec(sources)?.[1] ?? /^deb (?:\[.*\] )?(\S+)/m.exec(sources)?.[1];
  const args = ['debootstrap', '--variant=minbase', 'bookworm', target, ...(mirror ? [mirror] : [])];
  const child = Bun.spawn(args, { stdout: 'ignore', stderr: 'inherit' });
  if ((await child.exited) !== 0) throw new Error('debootstrap failed');
  return target;
}

/** Where this machine gets its packages: the first mirror that it names. */
async function readSources(): Promise<string> {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(await readdir(folder)).sort().map((name) => join(folder, name)),
  ];
  const texts = await Promise.all(
    files.map((path) =>
      Bun.file(path)
        .text()
        .catch(() => ''),
    ),
  );
  return texts.join('\n');
}
