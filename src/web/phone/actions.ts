/** What one can do with the dialler: type, dial, press keys, mute, hang up. */
import { AsYouType } from 'libphonenumber-js/min';
import { PhoneError, PhoneLine } from '../../client/index.ts';
import { fetchToken } from '../access.ts';
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
    this.#line?.press(key).catch((error: unknown) => this.#fail(error));
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
    this.#set({ isDialling: true, call: null, problem: null, quality: null });
    try {
      const { number, isRecorded } = this.#store.get();
      await line.dial(number, { record: isRecorded });
    } catch (error) {
      line.close();
      this.#fail(error);
    } finally {
      this.#set({ isDialling: false });
    }
  }

  mute(): void {
    const isMuted = !this.#store.get().isMuted;
    if (this.#line) this.#line.isMuted = isMuted;
    this.#set({ isMuted });
  }

  hangUp(): void {
    this.#line?.hangUp().catch((error: unknown) => this.#fail(error));
  }

  dispose(): void {
    this.#line?.close();
  }

  #fail(error: unknown): void {
    const problem = error instanceof PhoneError ? error.message : describeProblem(error);
    this.#set({ problem });
  }

  #set(change: Partial<PhoneState>): void {
    this.#store.update(change);
  }
}

function describeProblem(error: unknown): string {
  const isDevice = error instanceof DOMException || !navigator.mediaDevices;
  return isDevice ? explainDeviceProblem(error, ['microphone']) : texts.phone.unreachable;
}
