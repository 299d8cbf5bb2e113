/** The wire under a session, as little of it as a session needs: a socket in the server, a list in a test. */

export interface Link {
  /** Queues texts for the client, one message each. What cannot be sent is dropped; the link closes soon after. */
  send(texts: readonly string[]): void;
  /** Bytes that the client has not taken yet. */
  readonly unsentBytes: number;
  ping(): void;
  close(code: number, reason: string): void;
}
