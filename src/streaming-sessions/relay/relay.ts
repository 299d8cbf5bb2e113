/** The port of the relay: carries the frames of each session from its source to its operators, and words back. */

/** One message of a WebSocket, whole: text as a string, binary as bytes. Nobody changes it. */
export type Frame = string | Uint8Array;

/** Takes one frame at once. Must not throw; it may close any end of the relay. */
export type Receiver = (frame: Frame) => void;

export interface SourceOptions {
  /** The first frame is the header of the stream: who comes later gets it before everything else. */
  readonly hasHeader: boolean;
  /** Gets what operators say. */
  readonly hear: Receiver;
  /** Another source took over: nothing that this one sends goes anywhere any more. Called at most once, not after `close`. */
  readonly replaced: () => void;
}

export interface SourceEnd {
  /** Hands the frame to every operator of the session. */
  send(frame: Frame): void;
  /** Twice is no error. */
  close(): void;
}

export interface OperatorEnd {
  /** Hands the frame to the source; to nobody while there is none. */
  say(frame: Frame): void;
  /** Nothing is received after it. Twice is no error. */
  close(): void;
}

/**
 * What every relay guarantees:
 * - An operator receives every frame that the source sends after it was opened, unchanged, in order, each once.
 * - An operator that is opened after a header was sent receives that header first.
 * - A session has one source. Opening another replaces it, and forgets the header of the one before.
 * - A source that has closed leaves its header behind, for the operators that come before it returns.
 * - Sessions never mix.
 */
export interface Relay {
  openSource(sessionId: string, options: SourceOptions): SourceEnd;
  openOperator(sessionId: string, receive: Receiver): OperatorEnd;
  /** Forgets all of a session; its ends are closed, without a word to them. */
  endSession(sessionId: string): void;
}
