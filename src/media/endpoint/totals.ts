/** What went through an endpoint from its beginning on. */

export interface ByteCount {
  /** From the client to the server. */
  readonly received: number;
  readonly sent: number;
}

export interface EndpointTotals {
  readonly bytes: ByteCount;
  /** Transmission quality of what was published, 0 to 10, over the time it was; null when nothing was. */
  readonly averageScore: number | null;
}

export const NO_BYTES: ByteCount = { received: 0, sent: 0 };

export function addBytes(...counts: readonly ByteCount[]): ByteCount {
  return {
    received: counts.reduce((sum, { received }) => sum + received, 0),
    sent: counts.reduce((sum, { sent }) => sum + sent, 0),
  };
}
