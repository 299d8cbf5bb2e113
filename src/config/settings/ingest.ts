/** How many clients may publish, watch and upload, and how long an upload may take. */
import { integer } from '../format.ts';
import { duration } from '../quantity.ts';
import { type Reader, readSettings } from '../read.ts';
import { setting } from '../setting.ts';

const HOUR_MS = 3_600_000;

export const ingestSettings = {
  WHIP_MAX_SESSIONS: setting(integer({ minimum: 0, maximum: 100_000 }), {
    default: 200,
    doc: 'How many clients may publish by WHIP at once; the next one is answered 503. 0 takes none.',
  }),
  WHEP_MAX_SESSIONS: setting(integer({ minimum: 0, maximum: 1_000_000 }), {
    default: 2_000,
    doc: 'How many viewers may watch by WHEP at once; the next one is answered 503. 0 takes none.',
  }),
};

export const uploadSettings = {
  INGEST_MAX_SESSIONS: setting(integer({ minimum: 0, maximum: 100_000 }), {
    default: 100,
    doc: 'How many uploads may run at once; the next one is refused with RESOURCE_EXHAUSTED, over HTTP with 503. 0 takes none.',
  }),
  INGEST_MAX_DURATION: setting(duration({ minimumMs: 1_000, maximumMs: 24 * 24 * HOUR_MS }), {
    default: 4 * HOUR_MS,
    doc: 'An upload that runs for longer ends, and is made into a file.',
  }),
  INGEST_LOST_TIMEOUT: setting(duration({ minimumMs: 1_000, maximumMs: HOUR_MS }), {
    default: 30_000,
    doc: 'How long an upload may take to connect, and how long its connection may be gone before it ends.',
  }),
};

export interface IngestConfig {
  readonly maxPublishers: number;
  readonly maxViewers: number;
  readonly uploads: {
    readonly maxSessions: number;
    readonly maxDurationMs: number;
    readonly lostMs: number;
  };
}

export function readIngest(reader: Reader): IngestConfig {
  const values = readSettings({ ...ingestSettings, ...uploadSettings }, reader);
  return {
    maxPublishers: values.WHIP_MAX_SESSIONS,
    maxViewers: values.WHEP_MAX_SESSIONS,
    uploads: {
      maxSessions: values.INGEST_MAX_SESSIONS,
      maxDurationMs: values.INGEST_MAX_DURATION,
      lostMs: values.INGEST_LOST_TIMEOUT,
    },
  };
}
