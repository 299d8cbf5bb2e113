/** The shapes of the routes of streaming sessions: what comes in, what goes out. */
import { type Static, Type } from '@sinclair/typebox';
import { UserId } from '../protocol/index.ts';

const SessionId = Type.String({ format: 'uuid' });
const SESSION_EXAMPLE = '01a1fd47-2503-775f-89fa-9e9145e2f13f';

export const CreateSession = Type.Object(
  {
    client_id: { ...UserId, description: 'Whose stream it is: the user id under which the source connects.' },
  },
  { additionalProperties: false, examples: [{ client_id: 'drone-7' }] },
);

export const CreatedSession = Type.Object(
  {
    session_id: SessionId,
    stream_key: Type.String({ description: 'Lets the source in. It is told here, and never again.' }),
    ws_url: Type.String({ description: 'Where the source connects, the key included.' }),
    status: Type.Literal('waiting'),
  },
  {
    examples: [
      {
        session_id: SESSION_EXAMPLE,
        stream_key: 'm0GzjcZHZ0yUgQeDcT3fXk2wq9E5uB1sVnYlRaPb8tM',
        ws_url: `wss://stream.example.com/ws/stream/${SESSION_EXAMPLE}/drone-7?key=m0GzjcZHZ0yUgQeDcT3fXk2wq9E5uB1sVnYlRaPb8tM`,
        status: 'waiting',
      },
    ],
  },
);
export type CreatedSession = Static<typeof CreatedSession>;

export const SessionParams = Type.Object({ id: SessionId });

export const OperatorList = Type.Object(
  {
    operators: Type.Array(
      Type.Object({
        user_id: UserId,
        joined_at: Type.String({ format: 'date-time', description: 'when they first connected' }),
        connected: Type.Boolean({ description: 'whether they are connected now' }),
      }),
    ),
  },
  {
    examples: [{ operators: [{ user_id: 'alice', joined_at: '2026-01-01T10:00:00.000Z', connected: true }] }],
  },
);
export type OperatorList = Static<typeof OperatorList>;

/** Where a socket connects. */
export const StreamParams = Type.Object({ session_id: SessionId, user_id: UserId });
