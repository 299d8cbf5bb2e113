/** A program that drives one WebRTC stack, in a process of its own; owns the process, and keeps what it tells. */
import type { Command, Line, Look, Reply } from './lines.ts';

interface Waiter {
  readonly isEnough: (line: Line) => boolean;
  readonly done: PromiseWithResolvers<void>;
}

const PATIENCE_MS = 40_000;
/** How long a program may take to end by itself. */
const END_TIMEOUT_MS = 3_000;
const COMPLAINT_CHARACTERS = 2_000;

export class StackProcess {
  readonly #child: Bun.Subprocess<'pipe', 'pipe', 'pipe'>;
  readonly #answers = new Map<number, PromiseWithResolvers<Reply>>();
  readonly #waiters = new Set<Waiter>();
  readonly #ended: Promise<string>;
  #nextId = 1;

  constructor(command: readonly string[], look: Look) {
    this.#child = Bun.spawn([...command, JSON.stringify(look)], {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const complaints = new Response(this.#child.stderr).text();
    this.#ended = this.#read().then(async () => {
      const code = await this.#child.exited;
      return `${command.join(' ')} ended with ${code}: ${(await complaints).slice(-COMPLAINT_CHARACTERS)}`;
    });
    void this.#ended.then((reason) => this.#fail(reason));
  }

  /** Resolves with what the program answers; rejects with what the stack complained of, or when the process ends. */
  async ask(command: Command): Promise<string> {
    const id = this.#nextId++;
    const answer = Promise.withResolvers<Reply>();
    this.#answers.set(id, answer);
    this.#child.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    this.#child.stdin.flush();
    const { sdp = '', error } = await answer.promise;
    if (error !== undefined) throw new Error(error);
    return sdp;
  }

  /** Resolves when so many of the lines to come were as they should be. Rejects after a while, saying `what` did not come true. */
  async tells(what: string, count: number, isRight: (line: Line) => boolean): Promise<void> {
    const done = Promise.withResolvers<void>();
    let seen = 0;
    let last: Line | undefined;
    const isEnough = (line: Line) => {
      last = line;
      if (isRight(line)) seen += 1;
      return seen >= count;
    };
    const waiter = { isEnough, done };
    this.#waiters.add(waiter);
    const timer = setTimeout(
      () => done.reject(new Error(`${what}: ${seen} of ${count}, last was ${JSON.stringify(last)}`)),
      PATIENCE_MS,
    );
    await done.promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  /** It ends with its input. Resolves when the process is gone. Twice is no error. */
  async close(): Promise<void> {
    await this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_TIMEOUT_MS);
    await this.#child.exited;
    clearTimeout(timer);
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of this.#child.stdout) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('{')) this.#take(JSON.parse(line) as Line);
    }
  }

  #take(line: Line): void {
    if (line.id !== undefined) {
      this.#answers.get(line.id)?.resolve({ ...line, id: line.id });
      this.#answers.delete(line.id);
    }
    for (const { isEnough, done } of this.#waiters) if (isEnough(line)) done.resolve();
  }

  #fail(reason: string): void {
    for (const answer of this.#answers.values()) answer.reject(new Error(reason));
    for (const { done } of this.#waiters) done.reject(new Error(reason));
  }
}
