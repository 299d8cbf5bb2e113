/** The port between phone calls and whoever carries them into the telephone network. One contract suite holds for all. */
import type { Listenable } from '../../lib/index.ts';
import type { AudioStream } from './audio-stream.ts';

export interface DialRequest {
  /** Ours; comes back with everything that the provider tells of the call. */
  readonly callId: string;
  /** E.164. */
  readonly to: string;
  /** How long it may ring, in seconds. */
  readonly ringSeconds: number;
  /** After which the provider itself hangs up, in seconds. */
  readonly maxSeconds: number;
}

/** Why a call is over, as far as the provider knows. */
export type ProviderEnd = 'hung-up' | 'busy' | 'no-answer' | 'rejected' | 'canceled' | 'failed';

/** What the telephone network says of a call. It may come twice, late, and in any order. */
export type ProviderNews =
  | { readonly state: 'ringing' }
  | { readonly state: 'answered'; readonly at: Date }
  | {
      readonly state: 'ended';
      readonly at: Date;
      readonly reason: ProviderEnd;
      /** From the answer on, in whole seconds, where it is known. */
      readonly durationSeconds?: number;
    };

/** `unknown`: the provider has no such call, or forgot it. */
export type ProviderState = ProviderNews | { readonly state: 'unknown' };

export interface ToldNews {
  readonly callId: string;
  readonly sessionId: string;
  readonly news: ProviderNews;
}

export interface OpenedStream {
  readonly callId: string;
  readonly sessionId: string;
  readonly stream: AudioStream;
}

export interface ProviderEvents extends Record<string, unknown> {
  told: ToldNews;
  /** The voice of a call can be heard from now on; again after it was cut off. */
  streamOpened: OpenedStream;
}

export interface PhoneProvider {
  readonly name: 'mock' | 'twilio';
  /** Whether its calls go on while this server does not run. */
  readonly outlivesServer: boolean;
  readonly events: Listenable<ProviderEvents>;
  /**
   * Dials, at most once, and gives the id of the call. Rejects with `call_initiation_failed` when it was not taken; when nobody can
   * tell whether it was, what comes of it is told by events all the same.
   */
  dial(request: DialRequest): Promise<string>;
  /** Rejects with `call_termination_failed`. One that is over, or unknown, is no error. */
  hangUp(sessionId: string): Promise<void>;
  /** Rejects with `unavailable`. */
  lookUp(sessionId: string): Promise<ProviderState>;
  /** Throws `call_initiation_failed` while dialling would be in vain; costs nothing. */
  demandReady(): void;
  close(): void;
}
