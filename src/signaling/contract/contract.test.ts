import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { loadConfig } from '../../config/index.ts';
import { events, type RequestType, requests } from '../../protocol/index.ts';
import { describeAsAsyncApi } from './asyncapi.ts';
import { describeInWords } from './markdown.ts';
import { needsOf } from './rights.ts';

const PROJECT = join(import.meta.dir, '../../..');
const { signaling } = loadConfig({ cwd: PROJECT, env: {} });
interface Message {
  readonly description: string;
  readonly payload: TSchema;
  readonly examples: readonly { readonly payload: unknown }[];
}
interface Operation {
  readonly action: string;
  readonly messages: readonly Reference[];
  readonly reply?: { readonly messages: readonly Reference[] };
}
interface Reference {
  readonly $ref: string;
}
interface Document {
  readonly servers: object;
  readonly channels: { readonly signaling: { readonly messages: Readonly<Record<string, Reference>> } };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>> };
}

const document = describeAsAsyncApi('wss://calls.example.org/video-calls/ws', signaling);
// As it comes over the wire.
const api: Document = JSON.parse(JSON.stringify(document));
const messages = Object.entries((document as unknown as Document).components.messages);
const types = Object.keys(requests) as RequestType[];

test('every message has a description, and examples that its own schema takes', () => {
  expect(messages.length).toBe(2 * types.length + Object.keys(events).length + 2);
  for (const [key, { description, payload, examples }] of messages) {
    expect({ key, isDescribed: description.length > 10, hasExample: examples.length > 0 }).toEqual({
      key,
      isDescribed: true,
      hasExample: true,
    });
    for (const example of examples) {
      const problem = Value.Errors(payload, example.payload).First();
      expect({ key, problem }).toEqual({ key, problem: undefined });
    }
  }
});

/** Every object of the document that has this key. */
function* holdersOf(key: string, value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (key in value) yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* holdersOf(key, inner);
}

function resolve(ref: string): unknown {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], api);
}

describe('the AsyncAPI document', () => {
  test('refers to nothing that is not there', () => {
    const refs = [...holdersOf('$ref', api)].map(({ $ref }) => String($ref));
    expect(refs.length).toBeGreaterThan(100);
    expect(refs.filter((ref) => resolve(ref) === undefined)).toEqual([]);
  });

  test('has the schemas of the tables, each where it belongs', () => {
    const dataOf = (key: string) => api.components.messages[key]?.payload.properties.data;
    const written = (schema: TSchema) => JSON.parse(JSON.stringify(schema));
    for (const type of types) {
      expect(dataOf(type)).toEqual(written(requests[type].data));
      expect(dataOf(`${type}-response`)).toEqual(written(requests[type].response));
    }
    for (const [name, { data }] of Object.entries(events)) {
      expect(dataOf(`${name}-event`)).toEqual(written(data));
    }
  });

  test('names its parts as AsyncAPI wants, and every message belongs to an operation or to all', () => {
    const keys = Object.keys(api.components.messages);
    expect(keys.filter((key) => !/^[A-Za-z0-9._-]+$/.test(key))).toEqual([]);
    expect(Object.keys(api.channels.signaling.messages).sort()).toEqual(keys.sort());
    const used = Object.values(api.operations).flatMap(({ messages, reply }) => [
      ...messages,
      ...(reply?.messages ?? []),
    ]);
    const inChannel = '#/channels/signaling/messages/';
    expect(used.filter(({ $ref }) => !$ref.startsWith(inChannel))).toEqual([]);
    const names = new Set(used.map(({ $ref }) => $ref.slice(inChannel.length)));
    expect(keys.filter((key) => !names.has(key))).toEqual(['error']);
  });

  test('has every request with its answer, and every event, and nothing else', () => {
    const operations = Object.entries(api.operations);
    const received = operations.filter(([, { action }]) => action === 'receive');
    expect(received.map(([type]) => type).sort()).toEqual([...types].sort());
    expect(received.every(([, { reply }]) => reply !== undefined)).toBe(true);
    const sent = operations
      .filter(([, { action }]) => action === 'send')
      .map(([name]) => name.replace('on-', ''));
    expect(sent.sort()).toEqual(Object.keys(events).sort());
  });

  test('has what AsyncAPI 3.0 demands of each part', () => {
    expect(api).toMatchObject({
      asyncapi: '3.0.0',
      info: { title: expect.any(String), version: expect.any(String) },
    });
    expect(api.servers).toMatchObject({ kaa: { host: 'calls.example.org', protocol: 'wss' } });
    for (const operation of Object.values(api.operations)) {
      expect(operation).toMatchObject({
        action: expect.stringMatching(/^(send|receive)$/),
        channel: { $ref: expect.any(String) },
      });
    }
    for (const { payload } of Object.values(api.components.messages)) {
      expect(payload).toMatchObject({ type: 'object', required: expect.arrayContaining(['type']) });
    }
  });
});

test('what a message needs is found out from its rule', () => {
  expect(needsOf('join')).toEqual({ isInCall: false, rights: [] });
  expect(needsOf('mute')).toEqual({ isInCall: true, rights: [] });
  expect(needsOf('lock')).toEqual({ isInCall: true, rights: [{ anyOf: ['moderate'] }] });
  expect(needsOf('produce')).toEqual({ isInCall: true, rights: [{ anyOf: ['publish'] }] });
  expect(needsOf('create-transport')).toEqual({
    isInCall: true,
    rights: [
      { example: 'to send', anyOf: ['publish', 'data'] },
      { example: 'to receive', anyOf: ['subscribe', 'data'] },
    ],
  });
});

test('docs/signaling.md says what the tables say (else: bun run docs:signaling)', async () => {
  expect(await Bun.file(join(PROJECT, 'docs/signaling.md')).text()).toBe(describeInWords(signaling));
});
