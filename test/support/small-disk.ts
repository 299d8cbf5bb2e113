/** A disk of a few megabytes in memory, to be filled; only root may mount one. */
import { appendFile, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SmallDisk {
  readonly path: string;

  /** Why there can be none here; undefined when there can. */
  static findObstacle(): string | undefined {
    if (process.getuid?.() !== 0) return 'only root may mount a small disk';
    return Bun.which('mount') ? undefined : 'there is no mount(8)';
  }

  static async create(megabytes: number): Promise<SmallDisk> {
    const path = await mkdtemp(join(tmpdir(), 'kaa-small-disk-'));
    await run(['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'kaa-test', path]);
    return new SmallDisk(path);
  }

  private constructor(path: string) {
    this.path = path;
  }

  /** Leaves so many bytes, to the page. Others may write meanwhile: what they leave is taken too, and what they took is no failure. */
  async fill(leave: number): Promise<void> {
    for (;;) {
      const { bavail, bsize } = await statfs(this.path);
      const free = bavail * bsize - leave;
      if (free < bsize) return;
      await appendFile(join(this.path, 'filling'), Buffer.alloc(free)).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      });
    }
  }

  async empty(): Promise<void> {
    await rm(join(this.path, 'filling'));
  }

  async close(): Promise<void> {
    await run(['umount', this.path]);
    await rm(this.path, { recursive: true });
  }
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  const [code, complaint] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  if (code !== 0) throw new Error(`${command.join(' ')}: ${complaint.trim()}`);
}
