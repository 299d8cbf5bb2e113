/** Our camera and microphone, in the lobby and in the call: owns their tracks and keeps their state in the store. */
import { captureBoth, captureDevice, listDevices } from './capture.ts';
import { type DeviceKind, explainMissingDevices } from './media-problem.ts';
import type { AppState, DeviceState } from './state.ts';
import type { Store } from './store.ts';

export class LocalDevices {
  readonly #store: Store<AppState>;
  readonly #onEnded: (kind: DeviceKind) => void;
  readonly #stopListening: () => void;

  /** `onEnded` is told when a device goes away by itself. */
  constructor(store: Store<AppState>, onEnded: (kind: DeviceKind) => void) {
    this.#store = store;
    this.#onEnded = onEnded;
    const refresh = () => this.#refreshChoices();
    navigator.mediaDevices?.addEventListener('devicechange', refresh);
    this.#stopListening = () => navigator.mediaDevices?.removeEventListener('devicechange', refresh);
  }

  /** Takes both, or the one that there is; what is missing is off, and explained. */
  async start(): Promise<void> {
    this.#store.update({ isStartingDevices: true, deviceProblem: null });
    try {
      const both = await captureBoth();
      this.#use('camera', both.camera);
      this.#use('microphone', both.microphone);
    } catch (error) {
      const [camera, microphone] = await Promise.all([this.#tryOne('camera'), this.#tryOne('microphone')]);
      const missing: DeviceKind[] = [
        ...(camera ? [] : ['camera' as const]),
        ...(microphone ? [] : ['microphone' as const]),
      ];
      if (missing.length > 0) this.#store.update({ deviceProblem: explainMissingDevices(error, missing) });
    }
    this.#store.update({ isStartingDevices: false });
    await this.#refreshChoices();
  }

  /** A camera that is off is released, so that its light goes out; a microphone stays and is silent. */
  async setOn(kind: DeviceKind, isOn: boolean): Promise<void> {
    const { track } = this.#store.get()[kind];
    if (!isOn) {
      if (kind === 'camera') this.#release('camera');
      else if (track) track.enabled = false;
      this.#patch(kind, { isOn: false });
    } else if (track?.readyState === 'live') {
      track.enabled = true;
      this.#patch(kind, { isOn: true });
    } else await this.#take(kind, this.#store.get()[kind].deviceId);
  }

  async select(kind: DeviceKind, deviceId: string): Promise<void> {
    const { isOn } = this.#store.get()[kind];
    this.#patch(kind, { deviceId });
    if (!isOn && kind === 'camera') return;
    this.#release(kind);
    await this.#take(kind, deviceId);
    if (!isOn) await this.setOn(kind, false);
  }

  /** Releases both; `start` takes them again. */
  stop(): void {
    this.#release('camera');
    this.#release('microphone');
  }

  dispose(): void {
    this.#stopListening();
    this.stop();
  }

  async #take(kind: DeviceKind, deviceId: string | null): Promise<void> {
    try {
      this.#use(kind, await captureDevice(kind, deviceId));
      this.#store.update({ deviceProblem: null });
    } catch (error) {
      this.#patch(kind, { isOn: false, track: null });
      this.#store.update({ deviceProblem: explainMissingDevices(error, [kind]) });
    }
    await this.#refreshChoices();
  }

  async #tryOne(kind: DeviceKind): Promise<boolean> {
    try {
      this.#use(kind, await captureDevice(kind, null));
      return true;
    } catch {
      this.#patch(kind, { isOn: false, track: null });
      return false;
    }
  }

  #use(kind: DeviceKind, track: MediaStreamTrack): void {
    track.addEventListener('ended', () => {
      if (this.#store.get()[kind].track !== track) return;
      this.#patch(kind, { isOn: false, track: null });
      this.#onEnded(kind);
    });
    this.#patch(kind, { isOn: true, track, deviceId: track.getSettings().deviceId ?? null });
  }

  #release(kind: DeviceKind): void {
    const { track } = this.#store.get()[kind];
    this.#patch(kind, { track: null });
    track?.stop();
  }

  async #refreshChoices(): Promise<void> {
    const devices = await listDevices();
    this.#patch('camera', { available: devices.camera });
    this.#patch('microphone', { available: devices.microphone });
  }

  #patch(kind: DeviceKind, patch: Partial<DeviceState>): void {
    const device = { ...this.#store.get()[kind], ...patch };
    this.#store.update(kind === 'camera' ? { camera: device } : { microphone: device });
  }
}
