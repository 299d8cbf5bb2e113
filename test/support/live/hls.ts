/** Real HLS of ffmpeg, made once for a test process: the playlist, the segments and what else belongs to it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface HlsOptions {
  readonly seconds?: number;
  readonly segmentSeconds?: number;
  readonly size?: string;
  readonly kind?: 'mpegts' | 'fmp4';
  /** Of AES-128. */
  readonly key?: Uint8Array;
  /** All segments in one file, named by ranges of bytes. */
  readonly isSingleFile?: boolean;
  readonly hasAudio?: boolean;
  readonly videoCodec?: readonly string[];
}

export interface Hls {
  /** By name, without the playlist. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** The names of the segments, in their order. */
  readonly segments: readonly string[];
  readonly playlist: string;
}

const made = new Map<string, Promise<Hls>>();

export function makeHls(options: HlsOptions = {}): Promise<Hls> {
  const id = JSON.stringify(options);
  const pending = made.get(id) ?? make(options);
  made.set(id, pending);
  return pending;
}

/** What ffmpeg is told to make a stream. */
export function hlsSource({
  seconds = 6,
  size = '320x180',
  hasAudio = true,
  videoCodec,
}: HlsOptions): string[] {
  const codec = videoCodec ?? ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  return [
    ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=15:d=${seconds}`],
    ...(hasAudio ? ['-f', 'lavfi', '-i', `sine=f=440:d=${seconds}`, '-c:a', 'aac'] : []),
    ...codec,
    ...['-force_key_frames', 'expr:gte(t,n_forced*1)', '-g', '15', '-threads', '2'],
  ];
}

async function make(options: HlsOptions): Promise<Hls> {
  const { segmentSeconds = 1, kind = 'mpegts', key, isSingleFile = false } = options;
  const folder = await mkdtemp(join(tmpdir(), 'kaa-hls-'));
  try {
    if (key) {
      await writeFile(join(folder, 'stream.key'), key);
      await writeFile(join(folder, 'key-info'), `stream.key\n${join(folder, 'stream.key')}\n`);
    }
    const ending = kind === 'fmp4' ? 'm4s' : 'ts';
    await ffmpeg(
      [
        ...hlsSource(options),
        ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_list_size', '0'],
        ...['-hls_segment_type', kind, '-hls_playlist_type', 'event'],
        ...(key ? ['-hls_key_info_file', 'key-info'] : []),
        ...(isSingleFile
          ? ['-hls_flags', 'single_file']
          : ['-hls_segment_filename', `segment_%03d.${ending}`]),
        'index.m3u8',
      ],
      folder,
    );
    const names = (await readdir(folder)).filter((name) => !['index.m3u8', 'key-info'].includes(name));
    const bytes = await Promise.all(names.map((name) => readFile(join(folder, name))));
    return {
      files: new Map(names.map((name, index) => [name, bytes[index]!])),
      segments: names.filter((name) => name.endsWith(`.${ending}`)).toSorted(),
      playlist: await readFile(join(folder, 'index.m3u8'), 'utf8'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ffmpeg(args: readonly string[], cwd: string): Promise<void> {
  const { exited, stderr } = Bun.spawn(['ffmpeg', '-v', 'error', '-y', ...args], {
    cwd,
    stdin: 'ignore',
    stderr: 'pipe',
  });
  const complaints = await new Response(stderr).text();
  if ((await exited) !== 0) throw new Error(complaints);
}

export interface MadePlaylist {
  readonly sequence?: number;
  /** Lines and names, in their order: each name is a segment. */
  readonly entries: readonly string[];
  readonly isEnded?: boolean;
  readonly target?: number;
  /** Of each segment. */
  readonly seconds?: number;
}

/** A media playlist; an entry that begins with `#` is a tag. */
export function playlistOf({
  sequence = 0,
  entries,
  isEnded = false,
  target = 1,
  seconds = 1,
}: MadePlaylist): string {
  const lines = entries.flatMap((entry) =>
    entry.startsWith('#') ? [entry] : [`#EXTINF:${seconds.toFixed(6)},`, entry],
  );
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    `#EXT-X-TARGETDURATION:${target}`,
    `#EXT-X-MEDIA-SEQUENCE:${sequence}`,
    ...lines,
    ...(isEnded ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n');
}
