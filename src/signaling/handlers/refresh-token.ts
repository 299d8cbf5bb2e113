/** `refresh-token`: a fresh token takes the place of the one that a socket was opened with. */
import { isSameOrNarrower } from '../../auth/index.ts';
import { AppError } from '../../lib/index.ts';
import type { SocketHandler } from './handler.ts';

export const refreshToken: SocketHandler<'refresh-token'> = {
  needs: 'socket',
  async handle({ session, services }, { token }) {
    const identity = await services.tokens.verify(token);
    if (!isSameOrNarrower(session.identity, identity)) {
      throw new AppError(
        'forbidden',
        'This token is for somebody else, or allows more than the last one: connect with it anew.',
      );
    }
    const { membership } = session;
    if (membership) {
      membership.participant.permit(services.calls.permissionsIn(identity, membership.call));
    }
    session.renew(identity);
    return { expiresAt: identity.expiresAt.toISOString() };
  },
};
