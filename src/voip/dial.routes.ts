/** `POST /video-calls/:id/dial`: brings a telephone into a video call. */
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../auth/index.ts';
import { jsonBodies } from '../http/index.ts';
import type { Dialling } from './calls/dialling.ts';
import { DialParams, DialRequest, PhoneCallResource } from './model.ts';
import { describePhoneCall } from './resource.ts';

export interface DialRoutesDeps {
  readonly dialling: Dialling;
  readonly tokens: Tokens;
}

export function dialRoutes({ dialling, tokens }: DialRoutesDeps) {
  return new Elysia({ name: 'call-dial', prefix: '/video-calls/:id', tags: ['Phone calls'] })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .post(
      '/dial',
      async ({ identity, params, body, status }) => {
        const row = await dialling.dialInto(identity, params.id, body.phone_number);
        return status(201, describePhoneCall(row, undefined));
      },
      {
        params: DialParams,
        body: DialRequest,
        response: { 201: PhoneCallResource },
        detail: {
          summary: 'Bring a telephone into a call, by a moderator who may phone',
          description:
            'The phone is a participant: it hears everyone but itself, and everyone hears it. It leaves when it hangs up, is removed, or the call ends. `invalid_state` (409) while nobody is in the call; otherwise as a phone call from a browser.',
        },
      },
    );
}
