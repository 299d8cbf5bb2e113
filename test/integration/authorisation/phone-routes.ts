/** The routes of phone calls, asked about a call of somebody whom no caller is. */
import type { TestServer } from '../../support/server.ts';
import type { RouteRow } from './route-row.ts';
import type { Rule } from './rule.ts';
import { forAdmins, forCallersThemselves, forDiallers, forHosts } from './rules.ts';
import { GUEST_ID } from './world.ts';

export const phoneRows: readonly RouteRow[] = [
  // A grant has to say both `moderate` and `phone`, and no caller here has both.
  phoneRow('POST /video-calls/:id/dial', { rule: forHosts, body: { phone_number: 'none' } }),
  // What is wrong with the requests is told to those who may ask only.
  phoneRow('POST /api/calls/initiate', { rule: forDiallers, body: { phone_number: 'none' } }),
  phoneRow('GET /api/calls', { rule: forCallersThemselves }),
  phoneRow('POST /api/calls/terminate', { rule: forAdmins, bodyOf: (call_id) => ({ call_id }) }),
  phoneRow('GET /api/calls/:call_id', { rule: forAdmins }),
  phoneRow('GET /api/calls/:call_id/events', { rule: forAdmins }),
  phoneRow('POST /api/calls/:call_id/answer', { rule: forAdmins, body: { sdp_answer: 'none' } }),
  phoneRow('POST /api/calls/:call_id/candidates', { rule: forAdmins, body: {} }),
  phoneRow('POST /api/calls/:call_id/dtmf', { rule: forAdmins, body: { digits: 'none' } }),
];

interface PhoneRowParts {
  readonly rule: Rule;
  readonly body?: object;
  readonly bodyOf?: (callId: string) => object;
}

/** The routes of phone calls have codes of their own; a request that is refused for what it says has passed the rights. */
function phoneRow(route: string, { rule, body, bodyOf }: PhoneRowParts): RouteRow {
  const [method = '', pattern = ''] = route.split(' ');
  return {
    route,
    rule,
    async send({ server, token, roomId }) {
      const callId = await phoneCallOfGuest(server);
      const content = bodyOf?.(callId) ?? body;
      const response = await fetch(
        `${server.url}${pattern.replace(':call_id', callId).replace(':id', roomId)}`,
        {
          method,
          headers: {
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(content && { 'content-type': 'application/json' }),
          },
          ...(content && { body: JSON.stringify(content) }),
        },
      );
      if (response.headers.get('content-type') === 'text/event-stream') {
        await response.body?.cancel();
        return 'allow';
      }
      const text = await response.text();
      const error = response.ok ? '' : (JSON.parse(text) as { error: string }).error;
      if (response.status === 404 && error === 'call_not_found') return 'hide';
      if (response.status === 401) return 'ask';
      if (response.status === 403) return 'deny';
      if (response.ok || error === 'validation_error' || error === 'invalid_sdp' || error === 'invalid_state')
        return 'allow';
      throw new Error(`${response.status} ${text}`);
    },
  };
}

const calls = new WeakMap<TestServer, Promise<string>>();

/** The same for everybody who asks about this server. It may have ended. */
function phoneCallOfGuest(server: TestServer): Promise<string> {
  const known = calls.get(server);
  if (known) return known;
  const dialled = dial(server);
  calls.set(server, dialled);
  return dialled;
}

async function dial(server: TestServer): Promise<string> {
  const response = await fetch(`${server.url}/api/calls/initiate`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await server.token(GUEST_ID, ['participant'])}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ phone_number: '+12015550123' }),
  });
  const { call_id: callId } = (await response.json()) as { call_id: string };
  return callId;
}
