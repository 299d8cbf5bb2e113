/** The signalling socket as an AsyncAPI 3.0 document, made of the schemas that check its messages. */
import { type TSchema, Type } from '@sinclair/typebox';
import {
  CLOSE_MEANINGS,
  CloseCode,
  ERROR_MEANINGS,
  type EventType,
  events,
  RequestId,
  type RequestType,
  RoomId,
  requests,
  SOCKET_ERROR_CODES,
  UserId,
} from '../../protocol/index.ts';
import { demandsTarget, eventFrame, exchangesOf } from './frames.ts';
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
const Failure = Type.Object({
  code: Type.Union(SOCKET_ERROR_CODES.map((code) => Type.Literal(code))),
  message: Type.String({ description: 'For people.' }),
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
        'Text frames of JSON. A message with an `id` gets exactly one response; one without gets an `error` only when it fails. In words: docs/signaling.md.',
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
        bindings: { ws: { query: Type.Object({ token: Type.Optional(Type.String()) }) } },
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
    'x-needs': { joined: isInCall, rights },
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
  const schema: TSchema = requests[type].data;
  const isDataRequired = (schema.required?.length ?? 0) > 0;
  return {
    name: type,
    title: `client: ${type}`,
    description: requests[type].description,
    payload: Type.Object({
      id: Type.Optional(RequestId),
      type: Type.Literal(type),
      roomId: RoomId,
      userId: Type.Optional(UserId),
      targetUserId: demandsTarget(type) ? UserId : Type.Optional(UserId),
      data: isDataRequired ? schema : Type.Optional(schema),
    }),
    examples: exchangesOf(type).map(({ title, request }) => ({
      ...(title !== undefined && { summary: title }),
      payload: request,
    })),
  };
}

function responseMessage(type: RequestType): Json {
  return {
    name: 'response',
    title: `server: the response to ${type}`,
    description: `\`${type}\` was done. Comes when the message had an \`id\`.`,
    payload: Type.Object({
      type: Type.Literal('response'),
      id: RequestId,
      ok: Type.Literal(true),
      data: requests[type].response,
    }),
    examples: exchangesOf(type).map(({ response }) => ({ payload: response })),
  };
}

function refusedMessage(): Json {
  const error = { code: 'not_joined', message: 'You are not in the call "call_123"; send "join" first.' };
  return {
    name: 'response',
    title: 'server: the response to a message that failed',
    description: 'Nothing of the message was done. `x-error-codes` tells what each code means.',
    payload: Type.Object({
      type: Type.Literal('response'),
      id: RequestId,
      ok: Type.Literal(false),
      error: Failure,
    }),
    examples: [{ payload: { type: 'response', id: '7', ok: false, error } }],
  };
}

function errorMessage(): Json {
  const error = { code: 'invalid_message', message: 'The message is not JSON.' };
  return {
    name: 'error',
    title: 'server: a message without an id failed',
    description: 'Also for what is so wrong that no `id` can be read in it.',
    payload: Type.Object({ type: Type.Literal('error'), error: Failure }),
    examples: [{ payload: { type: 'error', error } }],
  };
}

function eventMessage(name: EventType): Json {
  return {
    name,
    title: `server: ${name}`,
    description: events[name].description,
    payload: Type.Object({
      type: Type.Literal(name),
      roomId: Type.Optional(RoomId),
      seq: Type.Integer({ minimum: 1, description: 'Grows by one for each event of this socket.' }),
      userId: Type.Optional({ ...UserId, description: 'Who said it, where somebody did.' }),
      data: events[name].data,
    }),
    examples: [{ payload: eventFrame(name) }],
  };
}
