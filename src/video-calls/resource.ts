/** A call as the routes show it. */
import type { CallRow } from '../db/index.ts';
import type { Call } from '../engine/index.ts';
import type { CallResource } from './model.ts';

/** `live` is the call while it lives: it tells who is there. */
export function describeCall(row: CallRow, live: Call | undefined): CallResource {
  return {
    id: row.roomId,
    callId: row.id,
    title: row.title,
    type: row.type,
    status: row.status,
    access: row.access,
    invited: row.invited,
    maxParticipants: row.maxParticipants,
    settings: row.settings,
    metadata: row.metadata,
    createdBy: row.createdBy,
    scheduledAt: row.scheduledAt?.toISOString() ?? null,
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    endReason: row.endReason,
    createdAt: row.createdAt.toISOString(),
    participants: (live?.visibleParticipants ?? []).map((participant) => ({
      userId: participant.userId,
      name: participant.name,
      joinedAt: participant.joinedAt.toISOString(),
      sources: [...participant.publications.values()].map((publication) => publication.source),
    })),
  };
}
