/** Values that fit a JSON schema, and values that fit nothing. */
import fc from 'fast-check';

/** As much of a JSON schema as the protocol and the routes use. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Stands for something that the server has said under this name; looked up when the message is sent. */
export class Known {
  readonly name: string;
  readonly index: number;

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
  }

  [fc.toStringMethod](): string {
    return `known(${this.name} ${this.index})`;
  }
}

const UNICODE = [
  '𝔘𝔫𝔦',
  'مرحبا',
  'e\u0301\u0301\u0301',
  '👩‍👩‍👧‍👦',
  '\u202etxet',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u2028',
];

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 24 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(...UNICODE) },
);

const size = fc.constantFrom(1, 2, 32, 33, 65, 128, 129, 4_000, 4_001, 4_097, 20_000, 60_000);
const numbers = fc.constantFrom(
  0,
  -0,
  -1,
  1,
  0.5,
  127,
  128,
  255,
  256,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e300,
  5e-324,
);

/** Something of any kind, mostly of the kinds that programs forget. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    [],
    {},
    [[]],
    [null],
    '[object Object]',
    'NaN',
    '__proto__',
  ),
  numbers,
  text,
  size.map((length) => 'x'.repeat(length)),
  fc
    .tuple(fc.constantFrom(8, 200, 1_900, 12_000, 30_000), fc.boolean())
    .map(([depth, isArray]) => nest(depth, isArray)),
  fc.constantFrom(100, 3_000).map((length) => Array.from({ length }, (_, index) => index)),
  fc
    .constantFrom(100, 2_000)
    .map((count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]))),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Too deep to be built as a value: it is put in when the message is written. */
function nest(depth: number, isArray: boolean): string {
  return `@@nest-${depth}-${isArray ? 'array' : 'object'}@@`;
}

/** Writes a value as JSON, with all depth that it only promised. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.replaceAll(/"@@nest-(\d+)-(array|object)@@"/g, (_found, depth, kind) => {
    const [open, close] = kind === 'array' ? ['[', ']'] : ['{"a":', '}'];
    return `${open.repeat(Number(depth))}0${close.repeat(Number(depth))}`;
  });
}

/** Values that pass `schema`, or nearly. `special` may know better what belongs under a name. */
export function valuesOf(
  schema: JsonSchema,
  special: (name: string) => fc.Arbitrary<unknown> | undefined,
  name = '',
): fc.Arbitrary<unknown> {
  const given = special(name);
  return given ?? plain(schema, special, name);
}

function plain(
  schema: JsonSchema,
  special: (name: string) => fc.Arbitrary<unknown> | undefined,
  name: string,
): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((option) => valuesOf(option, special, name)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objects(schema, special);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, special, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'string':
      return strings(schema, name);
    case 'integer':
      return fc.oneof(
        fc.integer({ min: schema.minimum ?? -2, max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) }),
        fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? 1),
      );
    case 'number':
      return fc.oneof(
        fc.double({ min: schema.minimum ?? -1e300, max: schema.maximum ?? 1e300, noNaN: true }),
        fc.constantFrom(schema.minimum ?? 0, 1, 1.5),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return junk;
  }
}

function objects(
  schema: JsonSchema,
  special: (name: string) => fc.Arbitrary<unknown> | undefined,
): fc.Arbitrary<unknown> {
  const [keyPattern, valueSchema] = Object.entries(schema.patternProperties ?? {})[0] ?? [];
  if (keyPattern !== undefined && valueSchema !== undefined) {
    return fc.dictionary(fc.stringMatching(new RegExp(keyPattern)), valuesOf(valueSchema, special), {
      maxKeys: 3,
    });
  }
  const properties = Object.entries(schema.properties ?? {});
  const model = Object.fromEntries(properties.map(([key, of]) => [key, valuesOf(of, special, key)]));
  return fc.record(model, { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true });
}

function strings(
  { pattern, format, minLength = 0, maxLength = 40 }: JsonSchema,
  name: string,
): fc.Arbitrary<unknown> {
  // The newest are the most alive.
  const known = fc
    .oneof(fc.constant(0), fc.nat({ max: 2 }), fc.nat({ max: 40 }))
    .map((index) => new Known(name, index));
  if (format === 'date-time') {
    return fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom(
        '2998-12-31T23:59:60Z',
        '2026-01-01t00:00:00.123456789z',
        '2026-01-01 00:00:00Z',
        '2026-01-01T24:00:00Z',
        '9999-12-31T23:59:59Z',
        '2026-02-30T00:00:00Z',
        '2026-01-01T00:00:00+23:59',
        '0000-01-01T00:00:00Z',
      ),
    );
  }
  if (pattern !== undefined) {
    return fc.oneof(
      { weight: 9, arbitrary: known },
      { weight: 1, arbitrary: fc.stringMatching(new RegExp(pattern)) },
    );
  }
  return fc.oneof(
    { weight: 1, arbitrary: known },
    { weight: 3, arbitrary: fc.string({ minLength, maxLength: Math.min(maxLength, 40) }) },
    { weight: 1, arbitrary: text },
    {
      weight: 1,
      arbitrary: fc.constantFrom(minLength, maxLength, maxLength + 1).map((length) => 'x'.repeat(length)),
    },
  );
}
