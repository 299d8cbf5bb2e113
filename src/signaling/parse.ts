/** From the text of one frame to a typed message: the only place where client messages are checked. */

import type { Static, TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import secureJson from 'secure-json-parse';
import { findUnfitJson, isSurelyFitJson } from '../lib/index.ts';
import { ClientEnvelope, type RequestData, type RequestType, requests } from '../protocol/index.ts';

export type ClientMessage = {
  [T in RequestType]: {
    readonly type: T;
    readonly id?: string;
    readonly roomId: string;
    readonly userId?: string;
    readonly targetUserId?: string;
    readonly data: RequestData<T>;
  };
}[RequestType];

export type Parsed =
  | { readonly kind: 'message'; readonly message: ClientMessage }
  | { readonly kind: 'invalid'; readonly id: string | undefined; readonly problem: string }
  | { readonly kind: 'too-long' };

/** The longest message that carries a session description, in bytes: some have one section for each of a hundred tracks. */
export const MAX_SDP_MESSAGE_BYTES = 256 * 1024;
const WITH_SDP: ReadonlySet<string> = new Set<RequestType>(['offer', 'answer']);

const envelopeCheck = TypeCompiler.Compile(ClientEnvelope);
const dataChecks = new Map<string, { schema: TSchema; check: TypeCheck<TSchema> }>(
  Object.entries(requests).map(([type, { data }]) => [
    type,
    { schema: data, check: TypeCompiler.Compile(data) },
  ]),
);

/** `maxBytes` is for all messages but those with a session description. */
export function parseMessage(frame: string | Uint8Array, maxBytes: number): Parsed {
  if (typeof frame !== 'string')
    return invalid(undefined, 'Messages are text frames of JSON; this one was binary.');
  const length = Buffer.byteLength(frame);
  if (length > Math.max(maxBytes, MAX_SDP_MESSAGE_BYTES)) return { kind: 'too-long' };
  const envelope = parseJson(frame);
  if (length > maxBytes && !mayBeLong(envelope)) return { kind: 'too-long' };
  if (envelope === undefined) return invalid(undefined, 'The message is not JSON.');
  const unfit = isSurelyFitJson(frame) ? undefined : findUnfitJson(envelope);
  if (unfit !== undefined) return invalid(idOf(envelope), unfit);
  if (!envelopeCheck.Check(envelope)) return invalid(idOf(envelope), firstProblem(envelopeCheck, envelope));
  return parseData(envelope);
}

function mayBeLong(envelope: unknown): boolean {
  if (typeof envelope !== 'object' || envelope === null || !('type' in envelope)) return false;
  return typeof envelope.type === 'string' && WITH_SDP.has(envelope.type);
}

function parseData(envelope: Static<typeof ClientEnvelope>): Parsed {
  const entry = dataChecks.get(envelope.type);
  if (!entry) return invalid(envelope.id, `There is no message of type "${envelope.type}".`);
  const data = envelope.data ?? {};
  if (!entry.check.Check(data)) return invalid(envelope.id, firstProblem(entry.check, data, '/data'));
  const message = { ...envelope, data: Value.Clean(entry.schema, data) };
  return { kind: 'message', message: message as ClientMessage };
}

function invalid(id: string | undefined, problem: string): Parsed {
  return { kind: 'invalid', id, problem };
}

/** Refuses `__proto__` and `constructor.prototype` keys too: no library behind us has to expect them. */
function parseJson(text: string): unknown {
  return secureJson.safeParse(text) ?? undefined;
}

/** The id of a message that is otherwise wrong, so that its sender can tell which one it was. */
function idOf(envelope: unknown): string | undefined {
  if (typeof envelope !== 'object' || envelope === null || !('id' in envelope)) return undefined;
  const { id } = envelope;
  return typeof id === 'string' && id.length > 0 && id.length <= 64 ? id : undefined;
}

function firstProblem(check: TypeCheck<TSchema>, value: unknown, prefix = ''): string {
  const problem = check.Errors(value).First();
  return problem ? `${prefix}${problem.path || '/'}: ${problem.message}` : 'The message has the wrong form.';
}
