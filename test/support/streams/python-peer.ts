/** Runs `python-peer.py` and reads what it says, line by line. */
import { join } from 'node:path';

const SCRIPT = join(import.meta.dir, 'python-peer.py');

export class PythonPeer {
  readonly #child;
  readonly #lines: AsyncGenerator<string>;

  constructor(python: string, role: 'source' | 'operators', order: object) {
    this.#child = Bun.spawn([python, SCRIPT, role], { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' });
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    void this.#child.stdin.end();
    this.#lines = linesOf(this.#child.stdout);
  }

  /** The next thing that it says, of this form. Rejects when it ends before. */
  async says<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the Python client ended with ${await this.#child.exited}`);
    return JSON.parse(value) as T;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#child.exited;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
