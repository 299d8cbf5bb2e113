/** What a file system says when the machine is in trouble, in words: that is no fault of the file, and may be mended. */

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk can only be read',
  EACCES: 'the server has no right to it',
  EPERM: 'the server has no right to it',
  EIO: 'the disk does not work',
  ENOTDIR: 'a file is where a folder should be',
  EEXIST: 'a file is where a folder should be',
  EMFILE: 'the server has too many files open',
  ENFILE: 'the machine has too many files open',
};

/** Undefined when the error is none of these. */
export function wordsOfFileTrouble(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? WORDS[String(error.code)] : undefined;
}
