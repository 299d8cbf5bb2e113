/** Tells how a recording is getting on: those who watch it, and the call it is of while that lives. */
import type { CallRegistry } from '../engine/index.ts';
import { describeRecording, type RecordingNews, type RecordingRepository } from '../library/index.ts';
import type { CallEvent } from '../protocol/index.ts';

export interface AnnouncerDeps {
  readonly repository: RecordingRepository;
  readonly news: RecordingNews;
  readonly registry: CallRegistry;
}

export class Announcer {
  readonly #deps: AnnouncerDeps;

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  /** To be called after each change of the row. One that is deleted is not told of. */
  async announce(id: string): Promise<void> {
    const found = await this.#deps.repository.find(id);
    if (!found) return;
    const recording = describeRecording(found);
    this.#deps.news.tell(recording);
    const { status, phase, progress, duration, failure_reason: reason } = recording;
    if (status === 'processing' && phase !== null) {
      this.#tellCall(found.row.callId, {
        type: 'recording-progress',
        data: { recordingId: id, phase, progress },
      });
    } else if (status === 'completed') {
      this.#tellCall(found.row.callId, {
        type: 'recording-completed',
        data: { recordingId: id, duration },
      });
    } else if (status === 'failed') {
      const data = { recordingId: id, reason: reason ?? '' };
      this.#tellCall(found.row.callId, { type: 'recording-failed', data });
    }
  }

  #tellCall(callId: string | null, event: CallEvent): void {
    this.#deps.registry
      .all()
      .find((call) => call.callId === callId)
      ?.broadcast(event);
  }
}
