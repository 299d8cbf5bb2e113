/** What is wrong with the configuration, collected while it is read, so that all of it can be said at once. */

export interface Problem {
  /** The setting, or the settings, that the problem is about. */
  readonly name: string;
  /** What is wrong: a sentence that goes on after the name, never with the value of a secret. */
  readonly what: string;
  readonly expected: string;
  readonly remedy: string;
}

export class Problems {
  readonly #list: Problem[];

  constructor(found: readonly Problem[] = []) {
    this.#list = [...found];
  }

  add(problem: Problem): void {
    this.#list.push(problem);
  }

  get list(): readonly Problem[] {
    return this.#list;
  }
}

/** Thrown by `loadConfig`; the message is for a person at a terminal and names every problem. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    super(`The configuration has ${count}:\n\n${problems.map(describeProblem).join('\n\n')}\n`);
    this.problems = problems;
  }
}

function describeProblem(problem: Problem): string {
  return `  ${problem.name} ${problem.what}.\n    Expected: ${problem.expected}.\n    To mend it: ${problem.remedy}.`;
}

/** The system's short name for a failure, such as `EACCES`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
