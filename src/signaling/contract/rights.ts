/** Which rights let one send a message, found out from the rule that its handler has: documentation cannot say anything else. */
import {
  type Permissions,
  type RequestExample,
  type RequestType,
  requestExamples,
} from '../../protocol/index.ts';
import { handlers } from '../handlers/index.ts';

const NOTHING: Permissions = {
  publish: [],
  subscribe: false,
  data: false,
  record: false,
  moderate: false,
  hidden: false,
  phone: false,
};

const SINGLE_RIGHTS: Readonly<Record<string, Permissions>> = {
  publish: { ...NOTHING, publish: ['microphone', 'camera', 'screen'] },
  subscribe: { ...NOTHING, subscribe: true },
  data: { ...NOTHING, data: true },
  record: { ...NOTHING, record: true },
  moderate: { ...NOTHING, moderate: true },
  phone: { ...NOTHING, phone: true },
};

export interface Needs {
  /** Whether it works only in a call that was joined. */
  readonly isInCall: boolean;
  /** None, when everybody in the call may; several, when it depends on what the message says. */
  readonly rights: readonly RightsFor[];
}

export interface RightsFor {
  /** The example that needs these; absent when all do. */
  readonly example?: string;
  /** Any of these is enough. */
  readonly anyOf: readonly string[];
}

export function needsOf(type: RequestType): Needs {
  const handler = handlers[type];
  if (handler.needs === 'socket') return { isInCall: false, rights: [] };
  const isAllowed = handler.permission as IsAllowed | undefined;
  if (!isAllowed) return { isInCall: true, rights: [] };
  const examples: readonly RequestExample<RequestType>[] = requestExamples[type];
  const rights = examples.map(({ title, data }) => ({
    ...(title !== undefined && { example: title }),
    anyOf: isAllowed(NOTHING, data)
      ? []
      : Object.keys(SINGLE_RIGHTS).filter((right) => isAllowed(SINGLE_RIGHTS[right] ?? NOTHING, data)),
  }));
  return { isInCall: true, rights: mergeEqual(rights) };
}

type IsAllowed = (permissions: Permissions, data: unknown) => boolean;

function mergeEqual(rights: readonly RightsFor[]): readonly RightsFor[] {
  const kinds = new Set(rights.map(({ anyOf }) => anyOf.join()));
  if (kinds.size > 1) return rights;
  const { anyOf = [] } = rights[0] ?? {};
  return anyOf.length > 0 ? [{ anyOf }] : [];
}
