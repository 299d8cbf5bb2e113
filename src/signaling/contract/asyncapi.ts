/** The signalling socket as an AsyncAPI 3.0 document, made of the schemas that check its messages. */
import type { TSchema } from '@sinclair/typebox';
import {
  CLOSE_MEANINGS,
  CloseCode,
  ERROR_MEANINGS,
  type EventType,
  eventExamples,
  events,
  type RequestType,
  RoomId,
  requestExamples,
  requests,
  SOCKET_ERROR_CODES,
  UserId,
} from '../../protocol/index.ts';
import { needsOf } from './rights.ts';

export interface SocketLimits {
  readonly maxMessageBytes: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  readonly maxUnsentBytes: number;
  readonly idleTimeoutMs: number;
}

type Json = Readonly<Record<string, unknown>>;

const CHANNEL = 'signaling';
const ID = {
  type: 'string',
  minLength: 1,
  maxLength: 64,
  description: 'Chosen by the client; comes back in the response.',
};
const FAILURE = object({
  code: { enum: SOCKET_ERROR_CODES },
  message: { type: 'string', description: 'For people.' },
});

/** `url` is that of the socket. */
export function describeAsAsyncApi(url: string, limits: SocketLimits): Json {
  const { host, protocol, pathname } = new URL(url);
  const types = Object.keys(requests) as RequestType[];
  const names = Object.keys(events) as EventType[];
  const messages: Record<string, Json> = {
    refused: refusedMessage(),
    error: errorMessage(),
    ...Object.fromEntries(types.map((type) => [type, requestMessage(type)])),
    ...Object.fromEntries(types.map((type) => [`${type}-response`, responseMessage(type)])),
    ...Object.fromEntries(names.map((name) => [eventKey(name), eventMessage(name)])),
  };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Kaa signalling',
      version: '0.1.0',
      description:
        'Text frames of JSON. A message with an `id` gets exactly one response; one without gets an `error` only when it fails.',
    },
    defaultContentType: 'application/json',
    servers: {
      kaa: {
        host,
        protocol: protocol.replace(':', ''),
        security: ['bearer', 'subprotocol', 'query'].map(securityRef),
      },
    },
    channels: {
      [CHANNEL]: {
        address: pathname,
        messages: Object.fromEntries(
          Object.keys(messages).map((key) => [key, { $ref: `#/components/messages/${key}` }]),
        ),
        bindings: { ws: { query: object({ token: { type: 'string' } }, []) } },
      },
    },
    operations: Object.fromEntries([
      ...types.map((type) => [type, requestOperation(type)]),
      ...names.map((name) => [`on-${name}`, eventOperation(name)]),
    ]),
    components: { messages, securitySchemes: SECURITY },
    'x-error-codes': ERROR_MEANINGS,
    'x-close-codes': Object.fromEntries(
      Object.entries(CLOSE_MEANINGS).map(([name, meaning]) => [
        CloseCode[name as keyof typeof CloseCode],
        meaning,
      ]),
    ),
    'x-limits': limits,
  };
}

/** Some requests and events share a name: `chat` goes both ways. */
function eventKey(name: EventType): string {
  return `${name}-event`;
}

const SECURITY = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: '`Authorization: Bearer <token>`',
  },
  subprotocol: {
    type: 'httpApiKey',
    in: 'header',
    name: 'Sec-WebSocket-Protocol',
    description: '`bearer, <token>`: what a browser can send. `bearer` is echoed.',
  },
  query: { type: 'httpApiKey', in: 'query', name: 'token', description: '`?token=<token>`' },
};

function securityRef(name: string): Json {
  return { $ref: `#/components/securitySchemes/${name}` };
}

function messageRef(key: string): Json {
  return { $ref: `#/channels/${CHANNEL}/messages/${key}` };
}

function requestOperation(type: RequestType): Json {
  const { isInCall, rights } = needsOf(type);
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${CHANNEL}` },
    summary: requests[type].description,
    messages: [messageRef(type)],
    reply: {
      channel: { $ref: `#/channels/${CHANNEL}` },
      messages: [messageRef(`${type}-response`), messageRef('refused')],
    },
    'x-needs': { joined: isInCall, anyRightOf: rights },
  };
}

function eventOperation(name: EventType): Json {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${CHANNEL}` },
    summary: events[name].description,
    messages: [messageRef(eventKey(name))],
  };
}

function requestMessage(type: RequestType): Json {
  const { data, targetUserId } = requestExamples[type];
  const schema: TSchema = requests[type].data;
  const isDataRequired = (schema.required?.length ?? 0) > 0;
  return {
    name: type,
    title: `client: ${type}`,
    summary: requests[type].description,
    payload: object(
      { id: ID, type: { const: type }, roomId: RoomId, userId: UserId, targetUserId: UserId, data: schema },
      ['type', 'roomId', ...(isDataRequired ? ['data'] : [])],
    ),
    examples: [
      { payload: { id: '7', type, roomId: 'call_123', ...(targetUserId && { targetUserId }), data } },
    ],
  };
}

function responseMessage(type: RequestType): Json {
  return {
    name: 'response',
    title: `server: the response to ${type}`,
    payload: object({
      type: { const: 'response' },
      id: ID,
      ok: { const: true },
      data: requests[type].response,
    }),
    examples: [{ payload: { type: 'response', id: '7', ok: true, data: requestExamples[type].response } }],
  };
}

function refusedMessage(): Json {
  const error = { code: 'not_joined', message: 'You are not in the call "call_123"; send "join" first.' };
  return {
    name: 'response',
    title: 'server: the response to a message that failed',
    payload: object({ type: { const: 'response' }, id: ID, ok: { const: false }, error: FAILURE }),
    examples: [{ payload: { type: 'response', id: '7', ok: false, error } }],
  };
}

function errorMessage(): Json {
  const error = { code: 'invalid_message', message: 'The message is not JSON.' };
  return {
    name: 'error',
    title: 'server: a message without an id failed',
    payload: object({ type: { const: 'error' }, error: FAILURE }),
    examples: [{ payload: { type: 'error', error } }],
  };
}

function eventMessage(name: EventType): Json {
  const data: TSchema = events[name].data;
  const seq = { type: 'integer', minimum: 1, description: 'Grows by one for each event of this socket.' };
  const speaker = { ...UserId, description: 'Who said it, where somebody did.' };
  return {
    name,
    title: `server: ${name}`,
    summary: events[name].description,
    payload: object({ type: { const: name }, roomId: RoomId, seq, userId: speaker, data }, [
      'type',
      'seq',
      'data',
    ]),
    examples: [{ payload: { type: name, roomId: 'call_123', seq: 1, data: eventExamples[name] } }],
  };
}

/** All properties are required unless said otherwise. */
function object(properties: Json, required: readonly string[] = Object.keys(properties)): Json {
  return { type: 'object', properties, required };
}
