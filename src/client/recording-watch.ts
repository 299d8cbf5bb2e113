/** Watches one recording over server-sent events, and opens them again with another link when that is needed. */
import { reconnectDelayMs, waitToReconnect } from './backoff.ts';
import { LibraryError } from './library-requests.ts';
import { parseRecording, type Recording } from './recording.ts';

export interface RecordingWatcher {
  changed(recording: Recording): void;
  /** Nothing more will come: it was deleted, or may not be seen any more. At most once, and not when the watch was stopped. */
  ended?(error: LibraryError): void;
}

/** With these the server says that asking again is of no use. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'unauthenticated',
  'forbidden',
  'not_found',
  'recording_not_found',
]);

/** `open` asks for a link first, so it rejects when the recording is not there. The returned function stops the watch. */
export function watchRecording(open: () => Promise<EventSource>, watcher: RecordingWatcher): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        const source = await open();
        if (await readToEnd(source, watcher, signal)) attempt = 0;
      } catch (error) {
        const final = error instanceof LibraryError && FINAL_CODES.has(error.code);
        if (final && !signal.aborted) return watcher.ended?.(error);
      }
      await waitToReconnect(reconnectDelayMs(attempt), signal);
    }
  };
  void run();
  return () => stopping.abort();
}

/** Resolves when the browser gave it up, as it does when a link has expired; with whether anything came before. */
function readToEnd(source: EventSource, watcher: RecordingWatcher, signal: AbortSignal): Promise<boolean> {
  let hasCome = false;
  return new Promise((resolve) => {
    const end = () => {
      source.close();
      signal.removeEventListener('abort', end);
      resolve(hasCome);
    };
    if (signal.aborted) return end();
    signal.addEventListener('abort', end);
    source.addEventListener('progress', ({ data }) => {
      const recording = parseRecording(parseJson(data));
      if (!recording) return;
      hasCome = true;
      watcher.changed(recording);
    });
    source.addEventListener('error', () => {
      // Otherwise it connects again by itself.
      if (source.readyState === EventSource.CLOSED) end();
    });
  });
}

function parseJson(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
