/** Whether somebody listens on UDP ports of this machine, as the kernel lists them (proc(5), /proc/net/udp). */

const POLLING_MS = 5;

/** Resolves to true once all ports are bound; to false when they are not in time, or when `isOver` says that it is of no use. */
export async function waitUntilBound(
  ports: readonly number[],
  { timeoutMs, isOver }: { readonly timeoutMs: number; readonly isOver: () => boolean },
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !isOver()) {
    const bound = await readBoundPorts();
    if (ports.every((port) => bound.has(port))) return true;
    await Bun.sleep(POLLING_MS);
  }
  return false;
}

async function readBoundPorts(): Promise<Set<number>> {
  const tables = await Promise.all(['/proc/net/udp', '/proc/net/udp6'].map(readTable));
  return new Set(tables.flat());
}

/** The second column is `address:port` in hexadecimal digits. */
async function readTable(path: string): Promise<number[]> {
  const text = await Bun.file(path)
    .text()
    .catch(() => '');
  return [...text.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /gm)].map(([, port = '0']) =>
    Number.parseInt(port, 16),
  );
}
