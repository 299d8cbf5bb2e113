/** `/video-calls/:id/participants` and `/analytics`: who was there, and what it came to. */
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../../auth/index.ts';
import { CallParams } from '../model.ts';
import type { Attendance } from './attendance.ts';
import { Analytics, StayList, StaysQuery } from './model.ts';

export interface AttendanceRoutesDeps {
  readonly attendance: Attendance;
  readonly tokens: Tokens;
}

export function attendanceRoutes({ attendance, tokens }: AttendanceRoutesDeps) {
  return new Elysia({ name: 'call-attendance', prefix: '/video-calls/:id', tags: ['Video calls'] })
    .use(authPlugin(tokens))
    .get(
      '/participants',
      ({ identity, params, query }) => attendance.participants(identity, params.id, query),
      {
        params: CallParams,
        query: StaysQuery,
        response: StayList,
        detail: { summary: 'Who was in the call and when, in the order of their coming' },
      },
    )
    .get('/analytics', ({ identity, params }) => attendance.analytics(identity, params.id), {
      params: CallParams,
      response: Analytics,
      detail: {
        summary: 'What the call came to: people, time, talk, messages, bytes, quality',
        description:
          'Hidden participants do not count. What a server that was killed had not written yet is missing.',
      },
    });
}
