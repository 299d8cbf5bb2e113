/** The one error that crosses layers: a stable code for programs, a sentence for people, and whose fault it is. */

export type Fault = 'caller' | 'destination' | 'server';

export interface AppErrorOptions {
  /** Safe to show to the caller: never a secret, never an internal text. */
  details?: unknown;
  cause?: unknown;
  /** Seconds after which trying again makes sense. */
  retryAfterSeconds?: number;
}

/** Knows failures of something that we depend on: what callers are told of one, or nothing when it is none of those. */
export type Explain = (error: unknown) => AppError | undefined;

export class AppError<Code extends string = string> extends Error {
  override name = 'AppError';
  readonly code: Code;
  readonly fault: Fault;
  readonly details: unknown;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: Code, message: string, fault: Fault = 'caller', options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fault = fault;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
