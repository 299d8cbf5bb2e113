/** The routes of live recordings: events of the stream service, and recordings in the form that its other clients know. */
import { Value } from '@sinclair/typebox/value';
import { Elysia } from 'elysia';
import { anybodyPlugin, authPlugin, type Tokens } from '../auth/index.ts';
import { jsonBodies } from '../http/index.ts';
import { AppError } from '../lib/index.ts';
import {
  type Library,
  RecordingList,
  RecordingParams,
  RecordingResource,
  RecordingsQuery,
} from '../library/index.ts';
import type { Logger } from '../observability/index.ts';
import type { LiveRecorder } from './live-recorder.ts';
import { ImportRequest, LiveError, OneRecording, Processed, StreamEvent } from './model.ts';
import { demandSignature } from './signature.ts';
import type { VodImport } from './vod-import.ts';

export interface LiveRoutesDeps {
  readonly recorder: LiveRecorder;
  readonly library: Library;
  readonly vodImport: VodImport;
  readonly tokens: Tokens;
  readonly webhook: { readonly secret: string | undefined; readonly demandsSignature: boolean };
  readonly logger: Logger;
}

const TAGS = ['Live recordings'];
/** Its body comes to it as text: the signature is over the bytes as they came. */
export const WEBHOOK_PATH = '/webhook/stream';
const ERRORS = { 400: LiveError, 401: LiveError, 404: LiveError, 503: LiveError };
const STATUS: Readonly<Record<string, 400 | 401 | 404 | 503>> = {
  validation_error: 400,
  unauthenticated: 401,
  recording_not_found: 404,
  unavailable: 503,
};

export function webhookRoutes(deps: LiveRoutesDeps) {
  return new Elysia({ name: 'live-webhook', tags: TAGS }).post(
    WEBHOOK_PATH,
    async ({ body, request, set, status }) => {
      try {
        return await takeEvent(typeof body === 'string' ? body : '', request.headers, deps);
      } catch (error) {
        const told = inItsWords(error);
        Object.assign(set.headers, told.headers);
        return status(told.code, told.body);
      }
    },
    {
      response: { 200: Processed, ...ERRORS },
      detail: {
        summary: 'The stream service tells that a stream began or ended',
        description:
          'Signed: `X-Signature` is the HMAC-SHA256 in hexadecimal digits of `X-Timestamp`, a dot and the body, by `WEBHOOK_SECRET`. An event that comes twice, late or in the wrong order changes nothing twice.',
        security: [],
        requestBody: { required: true, content: { 'application/json': { schema: StreamEvent as never } } },
      },
    },
  );
}

/** The recordings of live streams, as clients of the stream service ask for them. */
export function liveRecordingsRoutes({ library, tokens }: LiveRoutesDeps) {
  // Whatever stands in the address, it is the id of no recording.
  const response = { 200: OneRecording, ...ERRORS };
  return new Elysia({ name: 'live-recordings', tags: TAGS })
    .use(anybodyPlugin(tokens))
    .get(
      '/recording/:id',
      async ({ identity, params, status }) => {
        try {
          return await getOne(library, identity, params.id);
        } catch (error) {
          const told = inItsWords(error);
          return status(told.code, told.body);
        }
      },
      {
        response,
        detail: {
          summary: 'A recording',
          description: 'As `GET /recordings/:id`, in an object of its own, and with errors in its own words.',
          security: [],
        },
      },
    )
    .get('/api/recordings', ({ identity, query }) => library.list(identity, query), {
      query: RecordingsQuery,
      response: RecordingList,
      detail: {
        summary: 'The recordings that the caller may see, newest first',
        description: 'The same as `GET /recordings`.',
        security: [],
      },
    })
    .get(
      '/api/recordings/:id',
      async ({ identity, params, status }) => {
        try {
          return await getOne(library, identity, params.id);
        } catch (error) {
          const told = inItsWords(error);
          return status(told.code, told.body);
        }
      },
      {
        response,
        detail: { summary: 'A recording', description: 'The same as `GET /recording/:id`.', security: [] },
      },
    );
}

export function importRoutes({ vodImport, tokens }: LiveRoutesDeps) {
  return new Elysia({ name: 'live-import', prefix: '/recordings', tags: TAGS })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post('/:id/import', ({ identity, params, body }) => vodImport.run(identity, params.id, body), {
      params: RecordingParams,
      body: ImportRequest,
      response: RecordingResource,
      detail: {
        summary: 'Hand a finished recording to the library of videos',
        description: 'Once: again it is `conflict`, with the `video_id` in `details`.',
      },
    });
}

async function takeEvent(body: string, headers: Headers, { recorder, webhook, logger }: LiveRoutesDeps) {
  if (webhook.demandsSignature) {
    const signature = headers.get('x-signature') ?? undefined;
    const timestamp = headers.get('x-timestamp') ?? undefined;
    demandSignature({ body, signature, timestamp }, { secret: webhook.secret });
  }
  const event = readEvent(body);
  const { stream_id: streamId, stream_key: streamKey } = event;
  const facts = { streamId, streamKey, event: event.event };
  logger.info(facts, `Webhook received: ${event.event} for stream ${streamId}`);
  const news = {
    streamId,
    streamKey,
    userId: event.user_id ?? null,
    at: new Date(event.timestamp),
    playlistUrl: event.playlist_url ?? null,
  };
  await (event.event === 'stream.started' ? recorder.started(news) : recorder.ended(news));
  return { message: 'Webhook processed successfully' };
}

async function getOne(library: Library, identity: Parameters<Library['get']>[0], id: string) {
  if (!Value.Check(RecordingParams, { id })) throw new AppError('recording_not_found', 'Recording not found');
  return { recording: await library.get(identity, id) };
}

/** In the words that its clients know. */
function readEvent(body: string): StreamEvent {
  const value = parseJson(body);
  if (Value.Check(StreamEvent, value)) return value;
  const [problem] = [...Value.Errors(StreamEvent, value)];
  const field = problem?.path.split('/')[1] ?? '';
  const known = field === 'event' || field === '' ? 'event type' : field;
  throw new AppError('validation_error', `Invalid ${known}`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AppError('validation_error', 'Invalid JSON');
  }
}

/** Errors of these routes have their words in `error`, and a code for programs. Others are thrown on, and answered as everywhere. */
function inItsWords(error: unknown) {
  const status = error instanceof AppError ? STATUS[error.code] : undefined;
  if (!(error instanceof AppError) || status === undefined) throw error;
  const words = error.code === 'recording_not_found' ? 'Recording not found' : error.message;
  const { retryAfterSeconds: seconds } = error;
  return { code: status, body: { error: words, code: error.code }, headers: retryAfter(seconds) };
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}
