/** The recording of a call as those in it know it: what runs now, and how to begin and to end one. */
import type {
  EventData,
  RecordingRequest,
  RecordingState,
  RunningRecording,
  ServerEvent,
} from '../protocol/index.ts';
import type { CallClientEvents, CurrentRecording } from './call-events.ts';
import type { Emitter } from './events.ts';
import type { SignalingConnection } from './signaling-connection.ts';

export interface CallRecordingOptions {
  /** Throws while there is none. */
  readonly connection: () => SignalingConnection;
  readonly emitter: Emitter<CallClientEvents>;
}

export class CallRecording {
  readonly #options: CallRecordingOptions;
  #current: CurrentRecording | null = null;

  constructor(options: CallRecordingOptions) {
    this.#options = options;
  }

  get current(): CurrentRecording | null {
    return this.#current;
  }

  /** Rejects with `forbidden`, or `invalid_state` while one runs. */
  start(request: RecordingRequest): Promise<RecordingState> {
    return this.#options.connection().request('start-recording', request);
  }

  /** Resolves when all that was captured is safe; its files are made then. Rejects with `invalid_state` when none runs. */
  stop(): Promise<RecordingState> {
    return this.#options.connection().request('stop-recording', {});
  }

  apply(event: ServerEvent): void {
    const { emitter } = this.#options;
    switch (event.type) {
      case 'joined':
        this.#use(event.data.recording);
        return;
      case 'recording-started':
        this.#use(event.data);
        return;
      case 'recording-stopped':
        if (event.data.recordingId === this.#current?.recordingId) this.#use(null);
        emitter.emit('recordingStopped', event.data);
        return;
      case 'recording-trouble':
        this.#note(event.data);
        return;
      case 'recording-progress':
        emitter.emit('recordingProgress', event.data);
        return;
      case 'recording-completed': {
        const { recordingId, duration: durationSeconds } = event.data;
        emitter.emit('recordingCompleted', { recordingId, durationSeconds });
        return;
      }
      case 'recording-failed':
        emitter.emit('recordingFailed', event.data);
        return;
      default:
      // All the rest is about other things.
    }
  }

  #use(running: RunningRecording | null): void {
    // A server that was away tells once more of one that goes on.
    if (running?.recordingId === this.#current?.recordingId) return;
    this.#change(running && { ...running, startedAt: new Date(running.startedAt), troubles: [] });
  }

  #note({ recordingId, reason, isOver }: EventData<'recording-trouble'>): void {
    const current = this.#current;
    if (current?.recordingId !== recordingId || current.troubles.includes(reason) !== isOver) return;
    const others = current.troubles.filter((trouble) => trouble !== reason);
    this.#change({ ...current, troubles: isOver ? others : [...others, reason] });
  }

  #change(current: CurrentRecording | null): void {
    this.#current = current;
    this.#options.emitter.emit('recordingChanged', current);
  }
}
