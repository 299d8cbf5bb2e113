/** Where the files of a recording are in the storage: made of its kind, its id, and names that we gave. */
import type { RecordingRow } from '../db/index.ts';

type Named = Pick<RecordingRow, 'id' | 'kind'>;

const FOLDERS: Readonly<Record<RecordingRow['kind'], string>> = {
  call: 'calls',
  ingest: 'uploads',
  live: 'live',
  phone: 'phone',
};

export function keyPrefixOf({ id, kind }: Named): string {
  return `${FOLDERS[kind]}/${id}/`;
}

export function keyOf(recording: Named, fileName: string): string {
  return `${keyPrefixOf(recording)}${fileName}`;
}
