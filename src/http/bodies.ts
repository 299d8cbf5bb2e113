/** What a request may bring: how long its body may be, and that it is JSON where a route takes JSON. */
import { Elysia } from 'elysia';
import { AppError } from '../lib/index.ts';

export interface BodyOptions {
  /** The paths of routes whose body is text to them, whatever it is: signed byte for byte. */
  readonly textPaths?: readonly string[];
}

/**
 * Refuses longer bodies of every route with `too_large`. A body of JSON or SDP without `Content-Length` (chunked) is counted while
 * it is read; of other types the length must be said, because their parsers read to the end.
 */
export function limitBodies(maxBytes: number, { textPaths = [] }: BodyOptions = {}) {
  return new Elysia({ name: 'limit-bodies' })
    .onRequest(({ request }) => {
      if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
    })
    .onParse({ as: 'global' }, async ({ request }) => {
      if (!request.body) return undefined;
      if (textPaths.includes(new URL(request.url).pathname)) return readAtMost(request.body, maxBytes);
      if (isJson(request)) return parseJson(await readAtMost(request.body, maxBytes));
      if (isSdp(request)) return readAtMost(request.body, maxBytes);
      if (request.headers.has('content-length')) return undefined;
      throw new AppError(
        'validation_error',
        'Say the length of the body: the header Content-Length is missing.',
      );
    });
}

/** Routes after `.use(jsonBodies())` take JSON and nothing else; a body of another type is answered 400. */
export function jsonBodies() {
  return new Elysia({ name: 'json-bodies' }).onParse({ as: 'scoped' }, ({ request }) => {
    if (!request.body || isJson(request)) return;
    const type = request.headers.get('content-type');
    const problem = type === null ? 'this one has no Content-Type' : `this one is "${type.slice(0, 100)}"`;
    throw new AppError('validation_error', `Send the body with Content-Type: application/json; ${problem}.`);
  });
}

/** The media type of a body, in small letters, without its parameters; empty when it says none. */
export function mediaType(request: Request): string {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  return type.trim().toLowerCase();
}

function isJson(request: Request): boolean {
  return /^application\/([\w.-]+\+)?json$/.test(mediaType(request));
}

function isSdp(request: Request): boolean {
  return /^application\/(sdp|trickle-ice-sdpfrag)$/.test(mediaType(request));
}

async function readAtMost(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream: the rest is not read.
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Nothing at all is no body: routes whose body is optional take it, the others say what they miss. */
function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('validation_error', 'The body is not valid JSON.', 'caller', { cause: error });
  }
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('too_large', `The body is longer than ${maxBytes} bytes.`);
}
