/** What is known of uploads that are not finished, so that another process can go on with them, or take them away. */
import { type Static, Type } from '@sinclair/typebox';

const UploadedPartSchema = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  size: Type.Integer({ minimum: 0 }),
  /** Of its bytes, base64. */
  sha256: Type.String(),
  etag: Type.String(),
});

export const UnfinishedUploadSchema = Type.Object({
  /** Empty: it was about to be begun. */
  uploadId: Type.String(),
  /** Of the whole file, in bytes. */
  size: Type.Integer({ minimum: 0 }),
  partBytes: Type.Integer({ minimum: 1 }),
  parts: Type.Array(UploadedPartSchema),
});

export type UploadedPart = Static<typeof UploadedPartSchema>;
export type UnfinishedUpload = Static<typeof UnfinishedUploadSchema>;

/** What was saved is still known when the process or the machine has died. One process at a time writes a key. */
export interface UploadLedger {
  load(key: string): Promise<UnfinishedUpload | undefined>;
  save(key: string, upload: UnfinishedUpload): Promise<void>;
  /** What is not there is no error. */
  clear(key: string): Promise<void>;
  /** Those of unfinished uploads that begin with the prefix. */
  keys(prefix: string): Promise<readonly string[]>;
}
