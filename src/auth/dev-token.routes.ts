/** `POST /auth/dev-token`: in development the page gets its token here, and only from this very machine. */
import { Elysia, t } from 'elysia';
import { AppError, newId } from '../lib/index.ts';
import { RESERVED_USER_IDS, UserId } from '../protocol/index.ts';
import type { Tokens } from './tokens.ts';

const LIFETIME_SECONDS = 12 * 60 * 60;
const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
/** A reverse proxy makes every peer look like loopback; each of these betrays one. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

export function devTokenRoutes(tokens: Tokens) {
  return new Elysia({ name: 'dev-token', tags: ['Tokens'] }).post(
    '/auth/dev-token',
    async ({ body, request, server }) => {
      if (!isFromThisMachine(request, server?.requestIP(request)?.address)) {
        throw new AppError(
          'forbidden',
          'Development tokens are given to this machine only. Open http://localhost here, or make a token with "bun run token".',
        );
      }
      const userId = body.userId ?? `guest-${newId()}`;
      if (RESERVED_USER_IDS.includes(userId)) {
        throw new AppError('validation_error', `The user id "${userId}" is reserved.`);
      }
      const { token, expiresAt } = await tokens.issue({
        userId,
        ...(body.name === undefined ? {} : { name: body.name }),
        roles: ['host'],
        lifetimeSeconds: LIFETIME_SECONDS,
      });
      return { token, userId, expiresAt: expiresAt.toISOString() };
    },
    {
      body: t.Object(
        {
          userId: t.Optional(UserId),
          name: t.Optional(t.String({ minLength: 1, maxLength: 128, examples: ['Alice'] })),
        },
        { examples: [{ userId: 'alice', name: 'Alice' }] },
      ),
      response: t.Object(
        { token: t.String(), userId: UserId, expiresAt: t.String({ format: 'date-time' }) },
        {
          examples: [
            {
              token: '<header>.<claims>.<signature>',
              userId: 'alice',
              expiresAt: '2026-01-01T22:00:00.000Z',
            },
          ],
        },
      ),
      detail: {
        summary: 'A token for the page, in development, for this machine only',
        description:
          'Role `host`, for 12 hours. Without `userId` a guest is made up. Not there in production.',
        security: [],
      },
    },
  );
}

/**
 * The peer's address alone is not enough: a page of another site can reach loopback through the browser (by a DNS
 * name that points here), and a proxy stands in for strangers.
 */
function isFromThisMachine(request: Request, peer: string | undefined): boolean {
  if (peer === undefined || !LOOPBACK_ADDRESSES.has(peer)) return false;
  if (PROXY_HEADERS.some((name) => request.headers.has(name))) return false;
  const host = request.headers.get('host') ?? '';
  if (!LOOPBACK_HOSTS.has(host.replace(/:\d+$/, ''))) return false;
  const origin = request.headers.get('origin');
  return origin === null || (URL.canParse(origin) && new URL(origin).host === host);
}
