import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { loadConfig } from '../../config/index.ts';
import { eventExamples, events, type RequestType, requestExamples, requests } from '../../protocol/index.ts';
import { describeAsAsyncApi } from './asyncapi.ts';
import { describeInWords } from './markdown.ts';
import { needsOf } from './rights.ts';

const PROJECT = join(import.meta.dir, '../../..');
const { signaling } = loadConfig({ cwd: PROJECT, env: {} });
interface Document {
  readonly servers: object;
  readonly operations: Readonly<Record<string, { readonly action: string; readonly reply?: object }>>;
  readonly components: { readonly messages: Readonly<Record<string, object>> };
}

// As it comes over the wire.
const api: Document = JSON.parse(
  JSON.stringify(describeAsAsyncApi('wss://calls.example.org/video-calls/ws', signaling)),
);
const types = Object.keys(requests) as RequestType[];

describe('the examples', () => {
  test('of requests, and of what is answered, are right', () => {
    for (const type of types) {
      const { data, response } = requestExamples[type];
      expect({ type, problem: Value.Errors(requests[type].data, data).First() }).toEqual({
        type,
        problem: undefined,
      });
      const problem = Value.Errors(requests[type].response, response).First();
      expect({ type, problem }).toEqual({ type, problem: undefined });
    }
  });

  test('of events are right', () => {
    for (const [name, { data }] of Object.entries(events)) {
      const problem = Value.Errors(data, eventExamples[name as keyof typeof events]).First();
      expect({ name, problem }).toEqual({ name, problem: undefined });
    }
  });
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
    for (const message of Object.values(api.components.messages)) {
      expect(message).toMatchObject({
        payload: { type: 'object' },
        examples: [{ payload: expect.any(Object) }],
      });
    }
  });
});

test('what a message needs is found out from its rule', () => {
  expect(needsOf('join')).toEqual({ isInCall: false, rights: [] });
  expect(needsOf('mute')).toEqual({ isInCall: true, rights: [] });
  expect(needsOf('lock')).toEqual({ isInCall: true, rights: ['moderate'] });
  expect(needsOf('create-transport')).toEqual({ isInCall: true, rights: ['publish', 'data'] });
});

test('docs/signaling.md says what the tables say (else: bun run docs:signaling)', async () => {
  expect(await Bun.file(join(PROJECT, 'docs/signaling.md')).text()).toBe(describeInWords(signaling));
});
