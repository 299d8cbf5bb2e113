/** Lets one who publishes by a single offer into a call, as a participant like any other. */
import { type Call, mayPublish, Participant } from '../engine/index.ts';
import { AppError, newId } from '../lib/index.ts';
import type { IngestEndpoint, WatchTimes } from '../media/index.ts';
import type { CallEvent, Permissions } from '../protocol/index.ts';

export interface PublisherOptions {
  readonly userId: string;
  readonly name: string;
  readonly permissions: Permissions;
  /** When its client is taken for gone. Default: within 45 s. */
  readonly times?: WatchTimes;
  /** There is no line to its client: for those who look after it. Must not throw. */
  readonly tell?: (event: CallEvent) => void;
}

export interface Publisher {
  readonly participant: Participant;
  readonly endpoint: IngestEndpoint;
  /** The SDP. */
  readonly answer: string;
}

/** Rejects with `invalid_sdp`, `unsupported_codec`, `call_full` and the like, `unavailable`; then nobody came in. */
export async function letPublish(
  call: Call,
  { userId, name, permissions, times, tell = () => {} }: PublisherOptions,
  { sdp }: { readonly sdp: string },
): Promise<Publisher> {
  const endpoint = call.room.createIngestEndpoint(userId, (source) => mayPublish(permissions, source), times);
  const participant = new Participant({
    id: newId(),
    userId,
    name,
    metadata: {},
    permissions,
    endpoint,
    tell,
  });
  try {
    const answer = await endpoint.offer({ sdp });
    if (Object.keys(answer.tracks).length === 0)
      throw new AppError(
        'invalid_sdp',
        'The offer sends nothing: none of its audio and video sections is sendonly or sendrecv.',
      );
    call.admit(participant);
    return { participant, endpoint, answer: answer.sdp };
  } catch (error) {
    participant.close('left');
    throw error;
  }
}
