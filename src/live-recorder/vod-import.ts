/** Hands finished recordings to the library of videos, each once. */
import { Value } from '@sinclair/typebox/value';
import type { Identity } from '../auth/index.ts';
import { AppError, KeyedQueue } from '../lib/index.ts';
import type { Library, RecordingResource } from '../library/index.ts';
import { ImportAnswer, type ImportRequest } from './model.ts';
import type { LiveStreamRepository } from './repository.ts';

export interface VodImportDeps {
  readonly service: { readonly url: string; readonly token: string | undefined } | undefined;
  readonly library: Library;
  readonly streams: LiveStreamRepository;
  readonly announce: (recordingId: string) => Promise<void>;
}

const TIMEOUT_MS = 60_000;

export class VodImport {
  readonly #deps: VodImportDeps;
  readonly #order = new KeyedQueue<string>();

  constructor(deps: VodImportDeps) {
    this.#deps = deps;
  }

  /**
   * Rejects with `recording_not_found`, `forbidden`, `conflict` when it is there already (with its `video_id`) or not completed, and
   * `unavailable` when there is no library of videos, or it refuses.
   */
  run(identity: Identity, id: string, request: ImportRequest): Promise<RecordingResource> {
    return this.#order.run(id, async () => {
      const { library, streams, announce } = this.#deps;
      const recording = await library.getManaged(identity, id);
      if (recording.video_id !== null) throw isThere(recording.video_id);
      if (recording.status !== 'completed') {
        throw new AppError('conflict', 'Only a recording that is completed can be imported.');
      }
      const videoId = await this.#send(id, request);
      if (!(await streams.noteVideo(id, videoId))) throw isThere((await library.find(id)).video_id ?? '');
      await announce(id);
      return library.find(id);
    });
  }

  async #send(id: string, request: ImportRequest): Promise<string> {
    const { service } = this.#deps;
    if (!service) {
      throw new AppError(
        'unavailable',
        'There is no library of videos to import into (VOD_SERVICE_URL).',
        'server',
      );
    }
    const response = await fetch(`${service.url}/import-recording`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        // Asked again after a lost answer, it can tell that it was asked before.
        'idempotency-key': id,
        ...(service.token !== undefined && { authorization: `Bearer ${service.token}` }),
      },
      body: JSON.stringify({ recording_id: id, ...request }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw refused('it does not answer', cause);
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw refused(`it answers with the status ${response.status}`);
    const { video_id: videoId, id: other } = Value.Check(ImportAnswer, answer) ? answer : {};
    const given = videoId ?? other;
    if (given === undefined || given === '') throw refused('its answer names no video');
    return String(given);
  }
}

function isThere(videoId: string): AppError {
  return new AppError('conflict', 'The recording was imported already.', 'caller', {
    details: { video_id: videoId },
  });
}

function refused(why: string, cause?: unknown): AppError {
  return new AppError(
    'unavailable',
    `The library of videos did not take the recording: ${why}.`,
    'destination',
    {
      cause,
    },
  );
}
