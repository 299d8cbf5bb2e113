/** What the main thread and the database worker say to each other: PostgreSQL's wire protocol, and little else. */

/** A logical connection; all of them share the one session that PGlite has. */
export type ConnectionId = number;

export type ToWorker =
  | { kind: 'open'; folder: string }
  | { kind: 'frontend'; connection: ConnectionId; bytes: Uint8Array }
  | { kind: 'hang-up'; connection: ConnectionId }
  | { kind: 'close' };

export type FromWorker =
  | { kind: 'opened' }
  | { kind: 'open-failed'; text: string }
  | { kind: 'backend'; connection: ConnectionId; bytes: Uint8Array }
  | { kind: 'broken'; connection: ConnectionId; text: string }
  | { kind: 'closed' };
