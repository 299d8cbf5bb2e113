/** Which rights let one send a message, found out from the rule that its handler has: documentation cannot say anything else. */
import { type Permissions, type RequestType, requestExamples } from '../../protocol/index.ts';
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
  /** Any of these is enough; none, when nothing is needed. */
  readonly rights: readonly string[];
}

export function needsOf(type: RequestType): Needs {
  const handler = handlers[type];
  if (handler.needs === 'socket') return { isInCall: false, rights: [] };
  const isAllowed = handler.permission as ((permissions: Permissions, data: unknown) => boolean) | undefined;
  const { data } = requestExamples[type];
  if (!isAllowed || isAllowed(NOTHING, data)) return { isInCall: true, rights: [] };
  const rights = Object.keys(SINGLE_RIGHTS).filter((right) =>
    isAllowed(SINGLE_RIGHTS[right] ?? NOTHING, data),
  );
  return { isInCall: true, rights };
}
