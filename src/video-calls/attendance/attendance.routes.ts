/** `/video-calls/:id/participants`, `/stats` and `/analytics`: who was there, how it flows, and what it came to. */
import { Elysia } from 'elysia';
import { authPlugin, type Tokens } from '../../auth/index.ts';
import { CallParams } from '../model.ts';
import type { Attendance } from './attendance.ts';
import type { LiveStatsReader } from './live-stats.ts';
import { Analytics, LiveStats, StayList, StaysQuery } from './model.ts';

export interface AttendanceRoutesDeps {
  readonly attendance: Attendance;
  readonly stats: LiveStatsReader;
  readonly tokens: Tokens;
}

export function attendanceRoutes({ attendance, stats, tokens }: AttendanceRoutesDeps) {
  return new Elysia({ name: 'call-attendance', prefix: '/video-calls/:id', tags: ['Video calls'] })
    .use(authPlugin(tokens))
    .get(
      '/participants',
      ({ identity, params, query }) => attendance.participants(identity, params.id, query),
      {
        params: CallParams,
        query: StaysQuery,
        response: StayList,
        detail: {
          summary: 'Who was in the call and when, in the order of their coming',
          description: 'For who may see the call. Hidden participants are told to admins only.',
        },
      },
    )
    .get('/stats', ({ identity, params }) => stats.read(identity, params.id), {
      params: CallParams,
      response: LiveStats,
      detail: {
        summary: 'How the media of the call flows now',
        description: 'Read at most once a second. A call that does not live has nobody in it.',
      },
    })
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
