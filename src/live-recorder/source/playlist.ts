/** The text of an HLS playlist as values: segments in their order, or the playlists that another one leads to. */
import * as hls from 'hls-parser';
import { AppError } from '../../lib/index.ts';
import type { BytesRef } from './bytes-ref.ts';

export interface SegmentKey {
  readonly location: string;
  /** 16 bytes; absent: the sequence number of the segment. */
  readonly iv?: Uint8Array;
}

export interface PlaylistEntry extends BytesRef {
  readonly sequence: number;
  /** Seconds. */
  readonly duration: number;
  /** Whether its clock or its format is another one than that of the segment before. */
  readonly isDiscontinuous: boolean;
  /** The initialisation of fragmented MP4. */
  readonly map?: BytesRef;
  readonly key?: SegmentKey;
  /** Why it cannot be fetched at all. */
  readonly obstacle?: string;
}

export interface MediaPlaylist {
  readonly entries: readonly PlaylistEntry[];
  /** Seconds; undefined when it does not say. */
  readonly targetDuration: number | undefined;
  readonly isEnded: boolean;
}

export type ReadPlaylist =
  | { readonly kind: 'media'; readonly playlist: MediaPlaylist }
  /** The best first. */
  | { readonly kind: 'master'; readonly variants: readonly string[] };

/** Throws `validation_error` for what may not be asked. */
export type ResolveUri = (uri: string) => string;

export interface ReadPlaylistOptions {
  readonly maxLines: number;
  readonly resolve: ResolveUri;
}

/** What the parser is given: all that is read here. With some of the others it needs minutes for a few thousand lines. */
const READ_TAGS =
  /^#EXT(M3U|INF|-X-(VERSION|TARGETDURATION|PLAYLIST-TYPE|MEDIA-SEQUENCE|SKIP|BYTERANGE|DISCONTINUITY|KEY|MAP|GAP|ENDLIST|STREAM-INF))(?=[:\s]|$)/;
/** Of a playlist that leads to others: the parser looks at all of them for each of them. */
const MAX_MASTER_LINES = 2_000;

/** Throws `validation_error` with what is wrong, for people. */
export function readPlaylist(text: string, options: ReadPlaylistOptions): ReadPlaylist {
  const lines = countLines(text);
  if (lines > options.maxLines) {
    throw unreadable(`it has more than ${options.maxLines} lines (LIVE_MAX_PLAYLIST_LINES)`);
  }
  if (!/^\uFEFF?\s*#EXT/.test(text)) throw unreadable('it is none');
  const read = linesToRead(text);
  if (read.length > MAX_MASTER_LINES && read.some((line) => line.startsWith('#EXT-X-STREAM-INF'))) {
    throw unreadable(`it leads to others, and has more than ${MAX_MASTER_LINES} lines`);
  }
  const parsed = parse(read.join('\n'));
  if (parsed.isMasterPlaylist) {
    const variants = parsed.variants
      .filter(({ isIFrameOnly, uri }) => !isIFrameOnly && uri !== '')
      .toSorted((a, b) => (b.bandwidth ?? 0) - (a.bandwidth ?? 0));
    if (variants.length === 0) throw unreadable('it leads to no other');
    return { kind: 'master', variants: variants.map(({ uri }) => options.resolve(uri)) };
  }
  return {
    kind: 'media',
    playlist: {
      entries: parsed.segments.filter(isWhole).map((segment, index) => {
        return { ...toEntry(segment, options.resolve), sequence: sequenceOf(segment, index) };
      }),
      targetDuration: positive(parsed.targetDuration),
      isEnded: parsed.endlist,
    },
  };
}

function linesToRead(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && (!line.startsWith('#') || READ_TAGS.test(line)));
}

function parse(text: string) {
  try {
    // What is not quite as the specification wants it is what packagers write.
    hls.setOptions({ strictMode: false, silent: true });
    const parsed = hls.parse(text);
    if (parsed instanceof hls.types.MasterPlaylist || parsed instanceof hls.types.MediaPlaylist)
      return parsed;
  } catch (cause) {
    throw unreadable('it cannot be understood', cause);
  }
  throw unreadable('it is none');
}

/** The last line may be half written. */
function isWhole({ uri, gap }: hls.types.Segment): boolean {
  return typeof uri === 'string' && uri !== '' && gap !== true;
}

/** A number that cannot be counted on from would give one place to all segments. */
function sequenceOf({ mediaSequenceNumber }: hls.types.Segment, index: number): number {
  return Number.isSafeInteger(mediaSequenceNumber) && mediaSequenceNumber >= 0 ? mediaSequenceNumber : index;
}

function toEntry(segment: hls.types.Segment, resolve: ResolveUri): Omit<PlaylistEntry, 'sequence'> {
  const { duration, discontinuity, key, map, byterange } = segment;
  const base = {
    duration: positive(duration) ?? 0,
    isDiscontinuous: discontinuity === true,
  };
  try {
    if (key && key.method !== 'NONE' && key.method !== 'AES-128') {
      throw unreadable(
        `its segments are encrypted by ${String(key.method).slice(0, 40)}, which is not understood`,
      );
    }
    for (const range of [byterange, map?.byterange]) if (range) demandRange(range);
    const isEncrypted = key?.method === 'AES-128' && key.uri !== undefined;
    return {
      ...base,
      location: resolve(segment.uri),
      ...(byterange && { range: byterange }),
      ...(map && { map: { location: resolve(map.uri), ...(map.byterange && { range: map.byterange }) } }),
      ...(isEncrypted && {
        key: { location: resolve(key.uri ?? ''), ...(key.iv && { iv: new Uint8Array(key.iv) }) },
      }),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...base, location: `refused:${segment.uri.slice(0, 200)}`, obstacle: error.message };
  }
}

function demandRange({ offset, length }: { readonly offset: number; readonly length: number }): void {
  const isOne =
    Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(offset + length) && length > 0;
  if (!isOne) throw unreadable('a range of bytes in it is none');
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError('validation_error', `The playlist cannot be read: ${why}.`, 'caller', { cause });
}
