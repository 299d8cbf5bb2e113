/** How many clients may publish and watch over HTTP. */
import { integer } from '../format.ts';
import { type Reader, readSettings } from '../read.ts';
import { setting } from '../setting.ts';

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

export interface IngestConfig {
  readonly maxPublishers: number;
  readonly maxViewers: number;
}

export function readIngest(reader: Reader): IngestConfig {
  const values = readSettings(ingestSettings, reader);
  return { maxPublishers: values.WHIP_MAX_SESSIONS, maxViewers: values.WHEP_MAX_SESSIONS };
}
