/** Translates what a route throws into `{error, message, details?}` and a status (SPEC 1, Errors). */
import { Elysia, type ValidationError } from 'elysia';
import { AppError, type Explain, newId } from '../lib/index.ts';
import type { Logger } from '../observability/index.ts';
import { problemWords } from './problem-words.ts';

interface ErrorBody {
  error: string;
  message: string;
  details?: unknown;
}

interface Answer {
  status: number;
  body: ErrorBody;
  headers?: Record<string, string>;
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  validation_error: 400,
  invalid_message: 400,
  invalid_sdp: 400,
  unauthenticated: 401,
  forbidden: 403,
  too_many_operators: 403,
  not_found: 404,
  call_not_found: 404,
  recording_not_found: 404,
  session_not_found: 404,
  conflict: 409,
  call_exists: 409,
  call_ended: 409,
  call_full: 409,
  call_locked: 409,
  no_publisher: 409,
  session_finished: 409,
  session_exists: 409,
  invalid_state: 409,
  call_already_active: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  unsupported_codec: 422,
  precondition_required: 428,
  rate_limited: 429,
  too_many_sessions: 503,
  unavailable: 503,
  call_initiation_failed: 503,
  call_termination_failed: 503,
};

/** Routes that keep the codes of the system that they come from. */
export interface ErrorDialect {
  /** Where their paths begin. */
  readonly base: string;
  /** Their codes, by ours; the statuses stay. */
  readonly codes: Readonly<Record<string, string>>;
}

export interface HttpErrorsOptions {
  readonly dialects?: readonly ErrorDialect[];
  readonly as?: 'global' | 'scoped';
  readonly explain?: Explain;
}

/**
 * Every error of every route passes here, once; with `scoped`, of the routes of the instance that uses this. What nobody
 * foresaw is logged with a request id and never shown.
 */
export function httpErrors(
  logger: Logger,
  { as = 'global', explain, dialects = [] }: HttpErrorsOptions = {},
) {
  return new Elysia({ name: `http-errors-${as}` }).onError({ as }, ({ code, error, request, set }) => {
    const explained = explain?.(error);
    if (explained)
      logger.warn({ err: error, path: pathOf(request) }, 'request failed, and may be tried again');
    const { status, body, headers } = translate(code, explained ?? error, request, logger);
    set.status = status;
    Object.assign(set.headers, headers);
    const path = pathOf(request);
    const dialect = dialects.find(({ base }) => path === base || path.startsWith(`${base}/`));
    return { ...body, error: dialect?.codes[body.error] ?? body.error };
  });
}

function translate(code: number | string, error: unknown, request: Request, logger: Logger): Answer {
  if (error instanceof AppError) return fromAppError(error, request, logger);
  switch (code) {
    case 'VALIDATION':
      // An answer of ours that is not what the documentation promises is no mistake of the caller.
      if ((error as ValidationError).type === 'response') {
        return unknownFailure(wrongAnswer(error as ValidationError), request, logger);
      }
      return {
        status: 400,
        body: {
          error: 'validation_error',
          message: 'The request does not have the form that this route takes.',
          details: describeProblems(error as ValidationError),
        },
      };
    case 'PARSE': {
      // Elysia wraps what a parser throws.
      const { cause } = error as Error;
      if (cause instanceof AppError) return fromAppError(cause, request, logger);
      return { status: 400, body: { error: 'validation_error', message: 'The body is not valid JSON.' } };
    }
    case 'NOT_FOUND':
      return { status: 404, body: { error: 'not_found', message: 'There is nothing at this address.' } };
    default:
      return unknownFailure(error, request, logger);
  }
}

function fromAppError(error: AppError, request: Request, logger: Logger): Answer {
  const status = STATUS_BY_CODE[error.code];
  if (status === undefined) return unknownFailure(error, request, logger);
  return {
    status,
    body: {
      error: error.code,
      message: error.message,
      ...(error.details === undefined ? {} : { details: error.details }),
    },
    headers: {
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
    },
  };
}

function unknownFailure(error: unknown, request: Request, logger: Logger): Answer {
  const requestId = newId();
  logger.error({ err: error, requestId, method: request.method, path: pathOf(request) }, 'request failed');
  return {
    status: 500,
    body: {
      error: 'internal',
      message: 'Something went wrong on our side. The log has it under this request id.',
      details: { requestId },
    },
  };
}

/** Without the answer itself, which Elysia puts into its message: it may hold a token. */
function wrongAnswer(error: ValidationError): Error {
  const problems = describeProblems(error).map(({ path, problem }) => `${path}: ${problem}`);
  return new Error(`the answer is not what the route promises (${problems.join('; ')})`);
}

/** Where and what, without the value that was sent: it may be a secret. */
function describeProblems(error: ValidationError): { path: string; problem: string }[] {
  return error.all
    .slice(0, 20)
    .map((problem) =>
      'path' in problem
        ? {
            path: String(problem.path),
            problem: problemWords({ ...problem, message: String(problem.message) }),
          }
        : problem,
    )
    .filter((problem): problem is { path: string; problem: string } => 'problem' in problem);
}

/** Without the query: it may carry a token. */
function pathOf(request: Request): string {
  return new URL(request.url).pathname;
}
