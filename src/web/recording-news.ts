/** What the page is told of the recording of its call: into the store, and to the person. */
import type { CallClient, CurrentRecording, RecordingLibrary, RecordingStopped } from '../client/index.ts';
import type { Notices } from './notices.ts';
import type { AppState, FinishingView } from './state.ts';
import type { Store } from './store.ts';
import { texts } from './texts.ts';

export interface RecordingNewsOptions {
  readonly store: Store<AppState>;
  readonly notices: Notices;
  readonly library: RecordingLibrary;
}

export class RecordingNews {
  readonly #client: CallClient;
  readonly #store: Store<AppState>;
  readonly #notices: Notices;
  readonly #library: RecordingLibrary;

  constructor(client: CallClient, { store, notices, library }: RecordingNewsOptions) {
    this.#client = client;
    this.#store = store;
    this.#notices = notices;
    this.#library = library;
    this.#handleRunning();
    this.#handleFinishing();
  }

  /** After a lost connection: the end of what is being made may have been missed. */
  async refresh(): Promise<void> {
    const { finishing } = this.#store.get();
    if (finishing?.status !== 'processing') return;
    const { recordingId } = finishing;
    // A guest of this one call may not ask for it: then what is known is too old to be shown.
    const found = await this.#library.get(recordingId).catch(() => undefined);
    if (this.#finishing(recordingId)?.status !== 'processing') return;
    if (found?.status === 'completed') this.#show({ status: 'completed', recordingId });
    else if (found?.status === 'failed')
      this.#show({ status: 'failed', recordingId, reason: found.failureReason ?? '' });
    else if (found?.status !== 'processing') this.#show(null);
  }

  #handleRunning(): void {
    const { events } = this.#client;
    events.on('recordingChanged', (recording) => {
      const before = this.#store.get().recording;
      this.#store.update({ recording });
      if (recording) this.#tellOfRunning(recording, before);
    });
    events.on('recordingStopped', (stopped) => this.#handleStopped(stopped));
  }

  /** Who comes later is told as well. */
  #tellOfRunning(recording: CurrentRecording, before: CurrentRecording | null): void {
    const { recording: t } = texts;
    if (before?.recordingId !== recording.recordingId) {
      // The sign is spoken by itself, unless it is there from the beginning.
      if (this.#client.state.status === 'connected') this.#notices.info(this.#describeStart(recording));
      else this.#notices.tell(t.started);
      return;
    }
    for (const reason of recording.troubles) {
      if (!before.troubles.includes(reason)) this.#notices.error(t.troubles[reason]);
    }
    if (recording.troubles.length < before.troubles.length) this.#notices.tell(t.troubleOver);
  }

  #describeStart({ startedBy }: CurrentRecording): string {
    const { recording: t } = texts;
    if (startedBy === null) return t.started;
    if (startedBy === this.#store.get().userId) return t.startedByYou;
    const name = this.#client.participants.get(startedBy)?.name;
    return name === undefined ? t.started : t.startedBy(name);
  }

  #handleStopped({ recordingId, reason }: RecordingStopped): void {
    this.#notices.tell(texts.recording.stopped[reason]);
    if (reason === 'deleted') {
      if (this.#finishing(recordingId)) this.#show(null);
    } else this.#show({ status: 'processing', recordingId, phase: 'waiting', progress: 0 });
  }

  #handleFinishing(): void {
    const { events } = this.#client;
    events.on('recordingProgress', ({ recordingId, phase, progress }) => {
      if (this.#finishing(recordingId)) this.#show({ status: 'processing', recordingId, phase, progress });
    });
    events.on('recordingCompleted', ({ recordingId }) => {
      if (this.#finishing(recordingId)) this.#show({ status: 'completed', recordingId });
    });
    events.on('recordingFailed', ({ recordingId, reason }) => {
      if (this.#finishing(recordingId)) this.#show({ status: 'failed', recordingId, reason });
    });
  }

  /** Of this recording, when it is the one that is shown. */
  #finishing(recordingId: string): FinishingView | undefined {
    const { finishing } = this.#store.get();
    return finishing?.recordingId === recordingId ? finishing : undefined;
  }

  #show(finishing: FinishingView | null): void {
    this.#store.update({ finishing });
  }
}
