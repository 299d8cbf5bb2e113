/** Who may see a recording and who may change it: for one of a call that is decided by the call, for others by their owner. */
import { type CallFacts, type Identity, mayManage, maySee } from '../auth/index.ts';
import { AppError } from '../lib/index.ts';
import type { FoundRecording, RecordingRepository } from './repository.ts';

export interface Rights {
  readonly canSee: boolean;
  /** Delete it, or have it made again. */
  readonly canManage: boolean;
}

export async function rightsTo(
  { row }: FoundRecording,
  identity: Identity,
  repository: RecordingRepository,
): Promise<Rights> {
  const isOwn = !identity.grants && row.ownerId === identity.userId;
  const isAdmin = !identity.grants && identity.roles.has('admin');
  const isService = !identity.grants && identity.roles.has('service') && row.kind !== 'call';
  const found = row.callId === null ? undefined : await repository.findCall(row.callId, identity.userId);
  if (!found) return { canSee: isOwn || isAdmin || isService, canManage: isOwn || isAdmin || isService };
  const { roomId, createdBy, access, invited } = found.call;
  const facts: CallFacts = { roomId, createdBy, access, invited };
  return {
    canSee: isOwn || maySee(identity, facts, found.hasTakenPart),
    canManage: mayManage(identity, facts),
  };
}

export function recordingNotFound(id: string): AppError {
  return new AppError('recording_not_found', `There is no recording "${id}".`);
}
