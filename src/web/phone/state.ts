/** What the dialler shows. */
import type { PhoneCallInfo, PhoneLineQuality } from '../../client/index.ts';

export interface PhoneState {
  readonly number: string;
  /** The country of the number as far as it is typed. */
  readonly country: string;
  /** Asked for with the next call. */
  readonly isRecorded: boolean;
  readonly isDialling: boolean;
  /** The call that goes on, or the last one. */
  readonly call: PhoneCallInfo | null;
  readonly isMuted: boolean;
  /** Pressed in this call. */
  readonly keys: string;
  readonly quality: PhoneLineQuality | null;
  readonly problem: string | null;
  readonly voice: MediaStream | null;
}

export const INITIAL_PHONE_STATE: PhoneState = {
  number: '+',
  country: '',
  isRecorded: false,
  isDialling: false,
  call: null,
  isMuted: false,
  keys: '',
  quality: null,
  problem: null,
  voice: null,
};

export function isInCall({ isDialling, call }: PhoneState): boolean {
  return isDialling || (call !== null && call.status !== 'completed' && call.status !== 'failed');
}
