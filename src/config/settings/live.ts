/** How live streams record themselves: who tells of them, where their segments are, and how much they may take. */
import { join } from 'node:path';
import { url } from '../address.ts';
import { integer, onOff, text } from '../format.ts';
import { duration, size } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { isSampleSecret } from '../samples.ts';
import { optional, setting } from '../setting.ts';
import { bucket } from './bucket.ts';
import { readStorageTimeout, type StorageConfig } from './storage.ts';
import { readMinio, type S3StorageConfig } from './storage-s3.ts';

const HOUR_MS = 3_600_000;
const WEB = ['http:', 'https:'];

export const liveSettings = {
  WEBHOOK_SECRET: optional(text('what the stream service signs with'), {
    isSecret: true,
    defaultText: 'none: in development events are then taken unsigned, in production all are refused',
    doc: 'Signs the events of the stream service: X-Signature is the HMAC-SHA256 in hexadecimal digits of X-Timestamp, a dot and the body.',
  }),
  STREAM_SERVICE_URL: optional(url({ protocols: WEB, example: 'http://stream-service:8082' }), {
    defaultText: 'nobody is asked',
    doc: 'Asked which streams are live, in case that an event was lost. It may be a private address.',
  }),
  VOD_SERVICE_URL: optional(url({ protocols: WEB, example: 'http://vod-service:8084' }), {
    doc: 'Takes recordings of live streams into a library of videos. It may be a private address.',
  }),
  VOD_SERVICE_TOKEN: optional(text('a bearer token'), {
    isSecret: true,
    doc: 'Shown to the service at VOD_SERVICE_URL.',
  }),
  LIVE_SEGMENTS_BUCKET: setting(bucket(), {
    default: 'live-segments',
    doc: 'The bucket in which streams put their playlist and segments, in a folder of the name of the stream key: of the MinIO or of the storage of recordings. With a storage that has no buckets it is a folder in DATA_DIR.',
  }),
  LIVE_RECORDINGS_PUBLIC: setting(onOff(), {
    production: false,
    development: true,
    doc: 'Whether recordings of live streams are listed to those who have no token.',
  }),
  ALLOW_PRIVATE_URLS: setting(onOff(), {
    default: false,
    doc: 'Whether addresses that others name (a playlist, its segments and keys) may be private ones of this network.',
  }),
  MONITOR_INTERVAL: setting(duration({ minimumMs: 100, maximumMs: HOUR_MS }), {
    default: 10_000,
    doc: 'How often a stream is looked at, and the stream service asked. A playlist with shorter segments is read as often as they are long.',
  }),
  SEGMENT_DOWNLOAD_TIMEOUT: setting(duration({ minimumMs: 100, maximumMs: HOUR_MS }), {
    default: 30_000,
    doc: 'How long fetching a segment may take.',
  }),
  MAX_RETRY_ATTEMPTS: setting(integer({ minimum: 0, maximum: 100 }), {
    default: 3,
    doc: 'How often a segment that cannot be fetched is tried again before it is noted as missing.',
  }),
  LIVE_RETRY_PAUSE: setting(duration({ minimumMs: 10, maximumMs: 600_000 }), {
    default: 5_000,
    doc: 'The pause before a segment is tried again.',
  }),
  LIVE_SETTLE_TIME: setting(duration({ minimumMs: 100, maximumMs: 600_000 }), {
    default: 10_000,
    doc: 'After its end a stream without EXT-X-ENDLIST is looked at until nothing new has come for so long.',
  }),
  LIVE_IDLE_TIMEOUT: setting(duration({ minimumMs: 1_000, maximumMs: 24 * 24 * HOUR_MS }), {
    default: HOUR_MS,
    doc: 'A stream of which nobody tells the end has ended when nothing new has come for so long.',
  }),
  LIVE_MAX_STREAMS: setting(integer({ minimum: 0, maximum: 10_000 }), {
    default: 200,
    doc: 'How many live streams are recorded at once; the event of the next one is answered 503. 0 takes none.',
  }),
  LIVE_DOWNLOADS: setting(integer({ minimum: 1, maximum: 1_000 }), {
    default: 32,
    doc: 'How many segments are fetched at once, of all streams together.',
  }),
  LIVE_MAX_SEGMENT_SIZE: setting(size({ minimumBytes: 1_024, maximumBytes: 1_024 ** 4 }), {
    default: 256 * 1_024 ** 2,
    doc: 'A longer segment is not fetched, and noted as missing.',
  }),
  LIVE_MAX_PLAYLIST_LINES: setting(integer({ minimum: 10, maximum: 10_000_000 }), {
    default: 80_000,
    doc: 'A longer playlist is not read.',
  }),
};

export interface LiveConfig {
  readonly webhookSecret: string | undefined;
  /** Whether events without a signature are refused, and without a secret all of them. */
  readonly demandsSignature: boolean;
  readonly streamServiceUrl: string | undefined;
  readonly vod: { readonly url: string; readonly token: string | undefined } | undefined;
  readonly isPublic: boolean;
  readonly allowsPrivateUrls: boolean;
  readonly monitorIntervalMs: number;
  readonly downloadTimeoutMs: number;
  readonly retryLimit: number;
  readonly retryPauseMs: number;
  readonly settleMs: number;
  readonly idleTimeoutMs: number;
  readonly maxStreams: number;
  readonly downloads: number;
  readonly maxSegmentBytes: number;
  readonly maxPlaylistLines: number;
  /** Where the segments are. */
  readonly source: StorageConfig;
  /** Where recordings of live streams go; absent: where all recordings go. */
  readonly storage: S3StorageConfig | undefined;
}

export function readLive(reader: Reader, dataDir: string, storage: StorageConfig): LiveConfig {
  const values = readSettings(liveSettings, reader);
  const secret = values.WEBHOOK_SECRET;
  if (reader.environment === 'production' && secret !== undefined && isSampleSecret(secret)) {
    reader.problems.add({
      name: 'WEBHOOK_SECRET',
      what: 'is a sample from documentation',
      expected: 'a secret that nobody can guess',
      remedy: 'set it to what `openssl rand -hex 32` prints, here and in the stream service',
    });
  }
  const minio = readMinio(reader, { timeoutMs: readStorageTimeout(reader) });
  return {
    webhookSecret: secret,
    demandsSignature: secret !== undefined || reader.environment === 'production',
    streamServiceUrl: values.STREAM_SERVICE_URL?.replace(/\/$/, ''),
    vod:
      values.VOD_SERVICE_URL === undefined
        ? undefined
        : { url: values.VOD_SERVICE_URL.replace(/\/$/, ''), token: values.VOD_SERVICE_TOKEN },
    isPublic: values.LIVE_RECORDINGS_PUBLIC,
    allowsPrivateUrls: values.ALLOW_PRIVATE_URLS,
    monitorIntervalMs: values.MONITOR_INTERVAL,
    downloadTimeoutMs: values.SEGMENT_DOWNLOAD_TIMEOUT,
    retryLimit: values.MAX_RETRY_ATTEMPTS,
    retryPauseMs: values.LIVE_RETRY_PAUSE,
    settleMs: values.LIVE_SETTLE_TIME,
    idleTimeoutMs: values.LIVE_IDLE_TIMEOUT,
    maxStreams: values.LIVE_MAX_STREAMS,
    downloads: values.LIVE_DOWNLOADS,
    maxSegmentBytes: values.LIVE_MAX_SEGMENT_SIZE,
    maxPlaylistLines: values.LIVE_MAX_PLAYLIST_LINES,
    source: sourceOf(minio ?? storage, { bucket: values.LIVE_SEGMENTS_BUCKET, dataDir }),
    storage: minio,
  };
}

function sourceOf(
  storage: StorageConfig,
  { bucket: name, dataDir }: { bucket: string; dataDir: string },
): StorageConfig {
  if (storage.provider === 's3' || storage.provider === 'gcs') return { ...storage, bucket: name };
  return { provider: 'local', outputDir: join(dataDir, name) };
}
