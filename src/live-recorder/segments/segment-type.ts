/** What kind of media a segment is, by its own bytes: what it is called and what its server says of it prove nothing. */
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../../lib/index.ts';

export type Container = 'ts' | 'mp4';

/** So many bytes are enough to tell. */
export const HEAD_BYTES = 189;

const TS_SYNC = 0x47;
const TS_PACKET_BYTES = 188;
/** With which a segment of fragmented MP4, or its initialisation, begins (ISO/IEC 14496-12, CMAF). */
const FIRST_BOXES: ReadonlySet<string> = new Set([
  'ftyp',
  'styp',
  'moof',
  'sidx',
  'emsg',
  'prft',
  'moov',
  'free',
]);
const BOX_HEADER_BYTES = 8;
const LARGE_BOX_HEADER_BYTES = 16;

/** Throws `validation_error` for what is no segment. */
export function containerOf(head: Uint8Array): Container {
  const isSynced = head.length <= TS_PACKET_BYTES || head[TS_PACKET_BYTES] === TS_SYNC;
  if (head[0] === TS_SYNC && isSynced) return 'ts';
  if (head.length >= BOX_HEADER_BYTES && FIRST_BOXES.has(latin1(head.subarray(4, 8)))) return 'mp4';
  const isPlaylist = latin1(head.subarray(0, 7)) === '#EXTM3U';
  throw notMedia(isPlaylist ? 'it is a playlist' : 'it is neither MPEG-TS nor fragmented MP4');
}

/**
 * The boxes of a file of MP4, by name, in their order. Throws `validation_error` when one is cut off: a reader of many fragments one
 * after another would lose all that follow.
 */
export async function readBoxes(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const names: string[] = [];
    for (let at = 0; at < size; ) {
      const box = await readBox(file, at, size);
      names.push(box.name);
      at += box.size;
    }
    return names;
  } finally {
    await file.close();
  }
}

async function readBox(
  file: FileHandle,
  at: number,
  fileSize: number,
): Promise<{ name: string; size: number }> {
  const header = Buffer.alloc(LARGE_BOX_HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, header.length, at);
  if (bytesRead < BOX_HEADER_BYTES) throw notMedia('it is cut off');
  const name = header.toString('latin1', 4, 8);
  const short = header.readUInt32BE(0);
  const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? fileSize - at : short;
  if (size < BOX_HEADER_BYTES || at + size > fileSize) throw notMedia('it is cut off');
  return { name, size };
}

export function notMedia(why: string): AppError {
  return new AppError('validation_error', `This is no segment: ${why}.`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
