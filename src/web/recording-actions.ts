/** What somebody with the right does to the recording of the call: begin it and end it. */
import type { CallSession } from './call-session.ts';
import type { Notices } from './notices.ts';
import type { AppState } from './state.ts';
import type { Store } from './store.ts';
import { texts } from './texts.ts';

export interface RecordingActionsOptions {
  readonly store: Store<AppState>;
  readonly notices: Notices;
  /** Undefined while there is none. */
  readonly session: () => CallSession | undefined;
}

export class RecordingActions {
  readonly #options: RecordingActionsOptions;

  constructor(options: RecordingActionsOptions) {
    this.#options = options;
  }

  /** One at a time: pressed again before the answer it does nothing. */
  async toggle(): Promise<void> {
    const { store, notices } = this.#options;
    const session = this.#options.session();
    const { recording, isRecordingPending } = store.get();
    if (!session || isRecordingPending) return;
    store.update({ isRecordingPending: true });
    try {
      await (recording ? session.stopRecording() : session.startRecording());
    } catch (error) {
      notices.error(texts.toasts.actionFailed(error instanceof Error ? error.message : String(error)));
    }
    store.update({ isRecordingPending: false });
  }

  dismissFinishing(): void {
    this.#options.store.update({ finishing: null });
  }
}
