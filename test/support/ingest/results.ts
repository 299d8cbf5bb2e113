/** What became of an upload: its row once it is over, and what is in its file. */
import type { RecordingResource } from '../../../src/library/index.ts';

const PATIENCE_MS = 90_000;

/** Resolves when the recording is completed; rejects when it failed, or not in time. */
export async function completedRecording(
  server: { readonly url: string },
  id: string,
  token: string,
): Promise<RecordingResource> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(new URL(`/recordings/${id}`, server.url), {
      headers: { authorization: `Bearer ${token}` },
    });
    const recording = (await response.json()) as RecordingResource;
    if (recording.status === 'completed') return recording;
    if (recording.status === 'failed' || Date.now() > deadline)
      throw new Error(`the recording was not completed: ${JSON.stringify(recording)}`);
    await Bun.sleep(100);
  }
}

/** Of a media file: each stream in words, and how long it lasts in seconds. */
export async function probeStreams(path: string): Promise<{ streams: string[]; seconds: number }> {
  const entries = 'stream=codec_type,codec_name,width,height:format=duration';
  const child = Bun.spawn(['ffprobe', '-v', 'error', '-show_entries', entries, '-of', 'json', path]);
  const { streams, format } = (await new Response(child.stdout).json()) as {
    streams: { codec_type: string; codec_name: string; width?: number; height?: number }[];
    format: { duration: string };
  };
  return {
    streams: streams.map(({ codec_type, codec_name, width, height }) =>
      [codec_type, codec_name, ...(width === undefined ? [] : [`${width}x${height}`])].join(' '),
    ),
    seconds: Number(format.duration),
  };
}
