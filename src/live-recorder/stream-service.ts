/** What the stream service says when it is asked: which streams are live, and how one of them is. */
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ListedStream, StreamList, StreamState } from './model.ts';

export interface LiveStream {
  readonly streamId: string;
  readonly streamKey: string;
  readonly userId: string | null;
  readonly startedAt: Date | undefined;
  readonly playlistUrl: string | null;
}

export type StreamFate = 'live' | 'ended' | 'missing';

const TIMEOUT_MS = 10_000;
const ENDED: ReadonlySet<string> = new Set(['ended', 'offline']);

/** Everything rejects when the service does not answer, or not as it should: then nothing is known. */
export class StreamService {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Those that are not of the form that a stream has are left out. */
  async live(): Promise<LiveStream[]> {
    const { body } = await this.#ask('/streams?status=live', StreamList);
    return (body?.streams ?? []).flatMap((stream) => {
      if (!Value.Check(ListedStream, stream)) return [];
      // It may not have understood the question.
      if (stream.status !== undefined && stream.status !== 'live') return [];
      return [
        {
          streamId: stream.id,
          streamKey: stream.stream_key,
          userId: stream.user_id ?? null,
          startedAt: stream.started_at ? new Date(stream.started_at) : undefined,
          playlistUrl: stream.playlist_url ?? null,
        },
      ];
    });
  }

  async fateOf(streamId: string): Promise<StreamFate> {
    const { body } = await this.#ask(`/streams/${encodeURIComponent(streamId)}`, StreamState);
    if (!body) return 'missing';
    const status =
      'stream' in body && !('status' in body) ? body.stream.status : 'status' in body ? body.status : '';
    return ENDED.has(String(status)) ? 'ended' : 'live';
  }

  /** Without a body when it is answered 404. */
  async #ask<S extends TSchema>(path: string, schema: S): Promise<{ body: Static<S> | undefined }> {
    const response = await fetch(`${this.#url}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status === 404) {
      await response.body?.cancel();
      return { body: undefined };
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the stream service answered ${response.status}`);
    }
    const body: unknown = await response.json();
    if (Value.Check(schema, body)) return { body };
    throw new Error('the stream service gave an answer of another form');
  }
}
