/** HTTP requests to every route that the server documents: as the route wants them, and spoilt. */
import fc from 'fast-check';
import { chance } from '../chance.ts';
import { mutateText, mutateValue, textMutation, valueMutations } from './mutations.ts';
import { spoilSdp } from './sdp-mutations.ts';
import { type JsonSchema, Known, valuesOf, writeJson } from './values.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: JsonSchema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema; readonly example?: string }>>;
  };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface FuzzRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/** What stands in the place of `Known`; undefined when nothing was said under that name yet. */
type Recall = (known: Known) => unknown;

const JSON_TYPE = 'application/json';
const contentType = fc.oneof(
  { weight: 12, arbitrary: fc.constant(JSON_TYPE) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
      'application/json; charset=utf-16',
      'nonsense',
    ),
  },
);
const bodyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.constantFrom(1_000_000, 1_100_000).map((length) => `{"title":"${'x'.repeat(length)}"}`),
  fc.constantFrom('[', '{"a":').map((open) => open.repeat(100_000)),
  fc.constantFrom('', 'null', '[]', '"x"', '{', '\ufeff{}', '--x\r\n\r\n--x--'),
);

type Draft = (recall: Recall) => FuzzRequest;

/** Any request to any documented operation; those that take a body come more often. */
export function requestsTo({ paths }: OpenApi): fc.Arbitrary<Draft> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      weight: operation.requestBody ? 4 : 1,
      arbitrary: requestTo(path, method, operation),
    })),
  );
  return fc.oneof(...operations);
}

function requestTo(
  path: string,
  method: string,
  { parameters = [], requestBody }: Operation,
): fc.Arbitrary<Draft> {
  const schema = requestBody?.content[JSON_TYPE]?.schema;
  const descriptions = Object.entries(requestBody?.content ?? {}).flatMap(([type, { example }]) =>
    type === JSON_TYPE || example === undefined ? [] : [{ type, example }],
  );
  return fc
    .record({
      parameters: fc.tuple(...parameters.map(valueOfParameter)),
      body: schema ? bodies(schema) : fc.constant(undefined),
      type: contentType,
      description: descriptions.length > 0 ? spoilt(descriptions) : fc.constant(undefined),
      ifMatch: fc.constantFrom(undefined, '*', '"*"', '"old"', ''),
    })
    .map(({ parameters: values, body, type, description, ifMatch }) => (recall) => {
      const text = (value: unknown) => String(value instanceof Known ? (recall(value) ?? 'none') : value);
      let target = path;
      const query = new URLSearchParams();
      for (const [index, { name, in: place }] of parameters.entries()) {
        const value = values[index];
        if (place === 'path') target = target.replace(`{${name}}`, encodePart(text(value)));
        if (place === 'query' && value !== undefined) query.append(name, text(value).toWellFormed());
      }
      const content = typeof body === 'function' ? body(recall) : body;
      return {
        method: method.toUpperCase(),
        path: query.size > 0 ? `${target}?${query}` : target,
        headers: {
          ...(content !== undefined && { 'content-type': type }),
          ...(description && { 'content-type': description.type }),
          ...(description && ifMatch !== undefined && { 'if-match': ifMatch }),
        },
        body: description?.text ?? content,
      };
    });
}

/** A session description, or a part of one, as it should be or spoilt; now and then under the name of another type. */
function spoilt(
  descriptions: readonly { readonly type: string; readonly example: string }[],
): fc.Arbitrary<{ readonly type: string; readonly text: string }> {
  return fc
    .record({
      described: fc.constantFrom(...descriptions),
      seed: fc.option(fc.nat(), { freq: 4, nil: undefined }),
      type: fc.option(contentType, { freq: 1, nil: undefined }),
      isOdd: fc.nat(19),
    })
    .map(({ described, seed, type, isOdd }) => ({
      type: isOdd === 0 && type !== undefined ? type : described.type,
      text: seed === undefined ? described.example : spoilSdp(described.example, chance(seed)),
    }));
}

function valueOfParameter({ schema, name, in: place }: Parameter): fc.Arbitrary<unknown> {
  const odd = fc.oneof(
    fc.constantFrom(
      '',
      '-1',
      '1e9',
      'NaN',
      'null',
      '\0',
      'a b',
      "' or 1=1 --",
      '../../x',
      '%',
      'x'.repeat(4_000),
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  const value = fc.oneof(
    { weight: 4, arbitrary: valuesOf(schema, () => undefined, name) },
    { weight: 1, arbitrary: odd },
  );
  return place === 'query' ? fc.option(value, { nil: undefined, freq: 1 }) : value;
}

function bodies(schema: JsonSchema): fc.Arbitrary<((recall: Recall) => string) | Uint8Array | string> {
  const sound = valuesOf(schema, () => undefined);
  const write = (value: unknown, recall: Recall) => writeJson(fill(value, recall));
  return fc.oneof(
    { weight: 8, arbitrary: sound.map((value) => (recall: Recall) => write(value, recall)) },
    {
      weight: 6,
      arbitrary: fc.tuple(sound, valueMutations).map(
        ([value, mutations]) =>
          (recall: Recall) =>
            writeJson(mutateValue(fill(value, recall), mutations)),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(sound, textMutation).map(
        ([value, mutation]) =>
          (recall: Recall) =>
            mutateText(write(value, recall), mutation),
      ),
    },
    { weight: 1, arbitrary: bodyBytes },
  );
}

function fill(value: unknown, recall: Recall): unknown {
  if (value instanceof Known) return recall(value) ?? 'none';
  if (Array.isArray(value)) return value.map((item) => fill(item, recall));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, recall)]));
}

/** A dot segment would be resolved before the request leaves. */
function encodePart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('.', '%2E');
}
