/** Where the files of a recording are in the storage: made of its id and of names that we gave. */

export function keyPrefixOf(recordingId: string): string {
  return `calls/${recordingId}/`;
}

export function keyOf(recordingId: string, fileName: string): string {
  return `${keyPrefixOf(recordingId)}${fileName}`;
}
