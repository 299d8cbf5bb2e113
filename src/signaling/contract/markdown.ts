/** The contract of the signalling socket in words: `docs/signaling.md`, from the same tables as everything else. */
import type { TSchema } from '@sinclair/typebox';
import {
  CLOSE_MEANINGS,
  CloseCode,
  ERROR_MEANINGS,
  type EventType,
  events,
  type RequestType,
  requests,
} from '../../protocol/index.ts';
import { MAX_SDP_MESSAGE_BYTES } from '../parse.ts';
import type { SocketLimits } from './asyncapi.ts';
import { demandsTarget, eventFrame, exchangesOf } from './frames.ts';
import { needsOf, type RightsFor } from './rights.ts';

const KIB = 1_024;

/** `limits` are those that a server has unless it is told otherwise. */
export function describeInWords(limits: SocketLimits): string {
  return [
    INTRODUCTION,
    requestTable(),
    eventTable(),
    errorTable(),
    closeTable(),
    limitTable(limits),
    '## Examples\n',
    ...(Object.keys(requests) as RequestType[]).map(requestExample),
    '### Events\n',
    ...(Object.keys(events) as EventType[]).map(eventExample),
  ].join('\n');
}

const INTRODUCTION = `# The signalling socket

<!-- Written by \`bun run docs:signaling\` from src/protocol/. Change it there. -->

\`WS /video-calls/ws\`. Programs read the same contract at \`/asyncapi\` (AsyncAPI 3.0). A browser need not know any of this: the
SDK (\`kaa/client\`) speaks it.

## Connecting

The token goes into \`Authorization: Bearer <token>\`, or the subprotocols \`bearer, <token>\` (what a browser can do), or
\`?token=<token>\`; the first of them that is there counts. A bad token is a 401 at the upgrade, a page of another origin than
\`CORS_ORIGINS\` a 403.

\`\`\`js
const socket = new WebSocket('wss://calls.example.org/video-calls/ws', ['bearer', token]);
socket.onopen = () => socket.send(JSON.stringify({ id: '1', type: 'join', roomId: 'call_123', data: { protocol: 'mediasoup' } }));
socket.onmessage = ({ data }) => console.log(JSON.parse(data));
\`\`\`

The same by hand (\`>\` is sent, \`<\` comes; \`…\` stands for what is left out):

\`\`\`
$ wscat -H "Authorization: Bearer $(bun run token --user bob)" -c ws://localhost:3000/video-calls/ws
> {"id":"1","type":"join","roomId":"call_123","data":{"protocol":"mediasoup","name":"Bob"}}
< {"type":"joined","roomId":"call_123","seq":1,"data":{"userId":"bob","participants":[{"userId":"ann",…}],"resumeToken":"…",…}}
< {"type":"response","id":"1","ok":true,"data":{"userId":"bob",…}}
> {"id":"2","type":"chat","roomId":"call_123","data":{"text":"Hello!"}}
< {"type":"response","id":"2","ok":true,"data":{"chatId":"…","sentAt":"…"}}
< {"type":"chat","roomId":"call_123","seq":2,"userId":"ann","data":{"text":"Hello, Bob.",…}}
> {"id":"3","type":"consume","roomId":"call_123","data":{"trackId":"01a1fd47-3000-7000-8000-000000000002"}}
< {"type":"response","id":"3","ok":false,"error":{"code":"invalid_state","message":"…"}}
\`\`\`

## Three ways to negotiate media

\`join\` says which: \`protocol: "sdp"\`, which is also what counts when nothing is said, for any \`RTCPeerConnection\` without a
library (\`offer\`, \`answer\`; docs/sdp.md); \`"mediasoup"\`, for \`mediasoup-client\` and what speaks like it; \`"p2p"\`, where media
goes from one participant to another and the server only passes \`offer\`, \`answer\` and \`ice-candidate\` on. A call with
\`settings.topology: "p2p"\` makes the third of the first. Participants of the first two see and hear each other.

## Messages

Every message is a text frame of JSON:

\`\`\`json
{ "id": "7", "type": "chat", "roomId": "call_123", "targetUserId": "ann", "data": { "text": "Hello!" } }
\`\`\`

\`id\` is yours to choose. With it there is exactly one answer, \`{"type":"response","id":"7","ok":true,"data":{…}}\` or
\`{"type":"response","id":"7","ok":false,"error":{"code":"…","message":"…"}}\`; without it there is
\`{"type":"error","error":{…}}\`, and only when the message failed. \`targetUserId\` names one other participant; where it is left
out, everyone is meant. \`userId\` may be left out, and may be nobody's but yours.

Events carry \`seq\`, which grows by one for each event of a socket: a gap means that something was lost. Chat
messages, reactions and answers leave at once, with whatever waits for the same client before them; other events wait up to 10 ms
for others to leave with. The order is always that of what happened.

## From the join to the first picture

\`\`\`mermaid
sequenceDiagram
  participant C as client
  participant K as Kaa
  C->>K: join (transports)
  K-->>C: joined: participants, routerRtpCapabilities, transports, resumeToken
  Note over C: device.load, createSendTransport, createRecvTransport
  C->>K: connect-transport, once for each
  C->>K: produce
  K-->>C: trackId
  K-->>C: producer-added (of somebody else)
  C->>K: consume (the first one with rtpCapabilities)
  K-->>C: consumerId, rtpParameters: born paused
  Note over C: the receiver is ready
  C->>K: resume-consumer
  Note over C,K: media flows, from a keyframe on
\`\`\`

## After a lost socket, a lost worker, a restart

Media does not go over the socket. A socket that is lost without a word can be resumed; a client that closes it has left the call.
Whoever connects again within \`RECONNECT_GRACE\` and sends \`resume\` is the same participant: when \`isResumed\` is true, transports,
tracks and consumers are those of before, and \`changes\` tells what became different. After a restart of the server \`isResumed\` is
false: make new transports, and publish with the same \`trackId\`s. \`invalid_state\` means that nothing is left: \`join\`.

\`\`\`mermaid
sequenceDiagram
  participant C as client
  participant K as Kaa
  Note over C,K: the socket is lost, media flows on
  C->>K: resume (resumeToken), on another socket
  K-->>C: joined: isResumed, generation, tracks, consumers, changes
  Note over C,K: later, a media worker dies
  K-->>C: transports-lost (generation 2)
  C->>K: create-transport, connect-transport, produce with the same trackId
  K-->>C: producer-added (generation 2), of everyone who is back
  C->>K: consume, resume-consumer
\`\`\`
`;

function requestTable(): string {
  const rows = (Object.keys(requests) as RequestType[]).map((type) => {
    const { description, data, response } = requests[type];
    return `| \`${type}\` | ${description} | ${needsInWords(type)} | ${fieldsOf(data)} | ${fieldsOf(response)} |`;
  });
  return [
    '## What a client sends\n',
    '`?` marks what may be left out. Which rights one has is in `permissions` of `joined`.\n',
    '| type | does | needs | `data` | `data` of the response |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function needsInWords(type: RequestType): string {
  const { isInCall, rights } = needsOf(type);
  if (!isInCall) return 'nothing';
  const target = demandsTarget(type) ? ', `targetUserId`' : '';
  return `${rights.map(rightsInWords).join('; ') || 'to be in the call'}${target}`;
}

function rightsInWords({ example, anyOf }: RightsFor): string {
  const words = anyOf.map((right) => `\`${right}\``).join(' or ') || 'to be in the call';
  return example === undefined ? words : `${words} (${example})`;
}

function fieldsOf(schema: TSchema): string {
  if (schema === requests.join.response) return 'that of `joined`';
  const required = new Set<string>(schema.required ?? []);
  const names = Object.keys(schema.properties ?? {});
  return names.map((name) => `\`${name}${required.has(name) ? '' : '?'}\``).join(', ') || 'nothing';
}

function eventTable(): string {
  const rows = (Object.keys(events) as EventType[]).map((name) => {
    const { description, data } = events[name];
    // Elsewhere the fields of `joined` are named after the event: here they are told.
    const fields = fieldsOf(name === 'joined' ? { ...data } : data);
    return `| \`${name}\` | ${description} | ${fields} |`;
  });
  return [
    '## What the server tells\n',
    '| event | means | `data` |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function errorTable(): string {
  const rows = Object.entries(ERROR_MEANINGS).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return ['## Error codes\n', '| code | means |', '| --- | --- |', ...rows, ''].join('\n');
}

function closeTable(): string {
  const rows = Object.entries(CLOSE_MEANINGS).map(
    ([name, { meaning, remedy }]) =>
      `| ${CloseCode[name as keyof typeof CloseCode]} | ${meaning} | ${remedy} |`,
  );
  return ['## Close codes\n', '| code | means | what to do |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function limitTable(limits: SocketLimits): string {
  return [
    '## Limits\n',
    'Each is a setting (docs/configuration.md); these are the values without one.\n',
    '| what | limit |',
    '| --- | --- |',
    `| a message | ${limits.maxMessageBytes / KIB} KiB, ${MAX_SDP_MESSAGE_BYTES / KIB} KiB for \`offer\` and \`answer\`, else 1009 |`,
    `| messages | ${limits.messagesPerSecond} a second, ${limits.messageBurst} at once; what is over is \`rate_limited\`, who goes on is closed with 4429 |`,
    `| what waits for a client that does not read | ${limits.maxUnsentBytes / KIB} KiB, else 4408 |`,
    `| silence | ${limits.idleTimeoutMs / 1_000} s, else 4408; \`ping\`, or the pong of WebSocket, breaks it |`,
    '',
  ].join('\n');
}

function requestExample(type: RequestType): string {
  const frames = exchangesOf(type).flatMap(({ title, request, response }) => [
    ...(title === undefined ? [] : [`${title}:\n`]),
    json(request),
    json(response),
  ]);
  return [`### \`${type}\`\n`, ...frames].join('\n');
}

function eventExample(name: EventType): string {
  return json(eventFrame(name));
}

function json(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value)}\n\`\`\`\n`;
}
