/** What one can do with the dialler: type, dial, press keys, mute, hang up. */
import { AsYouType } from 'libphonenumber-js/min';
import { PhoneError, PhoneLine } from '../../client/index.ts';
import { AccessError, fetchToken } from '../access.ts';
import { rememberedName, tabUserId } from '../identity.ts';
import { explainDeviceProblem } from '../media-problem.ts';
import type { Store } from '../store.ts';
import { texts } from '../texts.ts';
import { isInCall, type PhoneState } from './state.ts';

export class PhoneActions {
  readonly #store: Store<PhoneState>;
  readonly #countries = new Intl.DisplayNames(['en'], { type: 'region' });
  #line: PhoneLine | undefined;

  constructor(store: Store<PhoneState>) {
    this.#store = store;
  }

  type(text: string): void {
    const typed = new AsYouType();
    const number = typed.input(text.startsWith('+') ? text : `+${text}`);
    const country = typed.getCountry();
    this.#set({ number, country: country ? (this.#countries.of(country) ?? country) : '', problem: null });
  }

  /** A key of the pad: part of the number before the call, a tone in it. */
  press(key: string): void {
    const state = this.#store.get();
    if (!isInCall(state)) {
      this.type(state.number + key);
      return;
    }
    this.#line?.press(key).then(
      () => this.#set({ keys: this.#store.get().keys + key, problem: null }),
      (error: unknown) => this.#fail(error),
    );
  }

  wantRecording(isRecorded: boolean): void {
    this.#set({ isRecorded });
  }

  async dial(): Promise<void> {
    if (isInCall(this.#store.get())) return;
    this.#line?.close();
    const line = new PhoneLine({
      url: location.origin,
      token: () => fetchToken({ name: rememberedName() || 'Guest', userId: tabUserId() }),
    });
    this.#line = line;
    line.events.on('changed', (call) => {
      this.#set({ call });
      if (call.status === 'completed' || call.status === 'failed') {
        line.close();
        this.#set({ voice: null, isMuted: false });
      }
    });
    line.events.on('quality', (quality) => this.#set({ quality }));
    line.events.on('heard', (voice) => this.#set({ voice }));
    this.#set({ isDialling: true, call: null, keys: '', problem: null, quality: null });
    try {
      const { number, isRecorded } = this.#store.get();
      await line.dial(number, { record: isRecorded });
    } catch (error) {
      this.#drop(line, error);
    } finally {
      if (this.#line === line) this.#set({ isDialling: false });
    }
  }

  mute(): void {
    const isMuted = !this.#store.get().isMuted;
    if (this.#line) this.#line.isMuted = isMuted;
    this.#set({ isMuted });
  }

  hangUp(): void {
    const line = this.#line;
    line?.hangUp().catch((error: unknown) => this.#drop(line, error));
    if (this.#store.get().call) return;
    // Nothing is heard any more of a number that was still being dialled.
    this.#line = undefined;
    this.#set({ isDialling: false, isMuted: false });
  }

  dispose(): void {
    this.#line?.close();
  }

  /** There is no call, or nobody can be asked to end it: the microphone is let go of all the same. */
  #drop(line: PhoneLine, error: unknown): void {
    line.close();
    if (this.#line !== line) return;
    this.#set({ call: null, voice: null, isMuted: false });
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#set({ problem: describeProblem(error) });
  }

  #set(change: Partial<PhoneState>): void {
    this.#store.update(change);
  }
}

function describeProblem(error: unknown): string {
  if (error instanceof PhoneError) return texts.phone.refused(error.message);
  if (error instanceof AccessError) return error.message;
  const isDevice = error instanceof DOMException || !navigator.mediaDevices;
  return isDevice ? explainDeviceProblem(error, ['microphone']) : texts.phone.unreachable;
}
