/** The identifiers that messages carry, and what each may look like (SPEC 1). */
import { Type } from '@sinclair/typebox';

const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

export const RoomId = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,64}$',
  description: 'A call, as its clients name it.',
  examples: ['call_123'],
});

export const UserId = Type.String({
  pattern: '^[A-Za-z0-9_.@-]{1,128}$',
  description: 'A user, as the token names them in `sub`.',
  examples: ['alice'],
});

/** Chosen by the client for one request; comes back in its response. */
export const RequestId = Type.String({ minLength: 1, maxLength: 64, examples: ['7'] });

export const TrackId = Type.String({
  pattern: UUID,
  description: 'One published track. Stays the same when transports are rebuilt.',
});

export const TransportId = Type.String({ pattern: UUID });
export const ProducerId = Type.String({ pattern: UUID });
/** An open data channel. */
export const ChannelId = Type.String({ pattern: UUID });
export const ConsumerId = Type.String({ pattern: UUID });

/** User ids and room ids that nobody may take: the protocol addresses them itself. */
export const RESERVED_USER_IDS: readonly string[] = ['sfu', 'recorder', 'all'];
export const RESERVED_ROOM_IDS: readonly string[] = ['ws'];
