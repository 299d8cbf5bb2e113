/** A process that a benchmark starts: it answers calls over Bun's IPC channel, and ends with its owner. */
import type { Subprocess } from 'bun';

/** What a process can be asked, each with one argument and a promised answer; both are JSON. */
// biome-ignore lint/suspicious/noExplicitAny: a constraint, under which every method keeps its own types
export type Methods = { [name: string]: (argument: any) => Promise<unknown> };

export interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

export type AnswerMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

export interface ChildOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Takes each line that it prints. */
  readonly onLine?: (line: string) => void;
}

/** How long a process may take to end when it is asked to, in milliseconds. */
const END_TIMEOUT_MS = 10_000;

export class Child<M extends Methods> {
  readonly #process: Subprocess<'ignore', 'pipe', 'inherit'>;
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  #nextId = 1;

  static start<M extends Methods>(options: ChildOptions): Child<M> {
    return new Child<M>(options);
  }

  private constructor({ command, env, cwd, onLine = () => {} }: ChildOptions) {
    this.#process = Bun.spawn([...command], {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
      serialization: 'json',
      ipc: (message: AnswerMessage) => this.#take(message),
    });
    this.#process.exited.then((code) => {
      for (const answer of this.#answers.values()) {
        answer.reject(new Error(`${command.join(' ')} ended with ${code}`));
      }
      this.#answers.clear();
    });
    readLines(this.#process.stdout, onLine).catch(() => {});
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves with the exit code when the process is gone. */
  get exited(): Promise<number> {
    return this.#process.exited;
  }

  /** Rejects with what the method throws, and when the process ends before it answers. */
  call<K extends keyof M & string>(method: K, argument: Parameters<M[K]>[0]): ReturnType<M[K]> {
    const id = this.#nextId++;
    const answer = Promise.withResolvers<unknown>();
    this.#answers.set(id, answer);
    this.#process.send({ id, method, argument } satisfies CallMessage);
    return answer.promise as ReturnType<M[K]>;
  }

  /** Asks it to end, and kills it when it does not. Twice is no error. */
  async close(): Promise<void> {
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), END_TIMEOUT_MS);
    await this.#process.exited;
    clearTimeout(timer);
  }

  #take(message: AnswerMessage): void {
    const answer = this.#answers.get(message.id);
    this.#answers.delete(message.id);
    if ('error' in message) answer?.reject(new Error(message.error));
    else answer?.resolve(message.result);
  }
}

async function readLines(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
}
