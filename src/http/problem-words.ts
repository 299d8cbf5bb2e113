/** What is wrong with one field of a request, in words: of a choice what there is to choose from. */
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

const Choice = Type.Object({
  anyOf: Type.Array(Type.Object({ const: Type.Union([Type.String(), Type.Number(), Type.Boolean()]) }), {
    minItems: 1,
  }),
});

/** Without the value that was sent: it may be a secret. */
export function problemWords({ message, schema }: { message: string; schema?: unknown }): string {
  return Value.Check(Choice, schema) ? `Expected one of ${listed(schema)}` : message;
}

function listed({ anyOf }: Static<typeof Choice>): string {
  return anyOf.map((option) => JSON.stringify(option.const)).join(', ');
}
