/** The voice of one call over a socket of Twilio's Media Streams: frames in, frames out in small batches, and nothing that piles up there. */
import { Emitter, type Listenable } from '../../../lib/index.ts';
import { SAMPLE_RATE } from '../../leg/frame.ts';
import type { AudioStream, AudioStreamEvents } from '../audio-stream.ts';
import { readMessage, type StreamMessage } from './messages.ts';

/** The socket below it. */
export interface StreamSocket {
  send(text: string): void;
  /** Bytes that wait for the other side. */
  readonly unsent: number;
  close(): void;
}

export interface StreamStart {
  readonly callId: string;
  readonly callSid: string;
}

/** 40 ms: fewer, larger messages ride out the jitter of the way there. */
const BATCH_FRAMES = 2;
/** A mark each second tells how much is played. */
const FRAMES_PER_MARK = 50;
/** With more marks out than these, seconds of voice wait there: nobody wants to hear them. */
const MAX_MARKS_OUT = 3;
const MAX_UNSENT_BYTES = 64 * 1024;
/** Twilio says at once which call it is; a socket that does not is none of it, and would stay for ever. */
const START_TIMEOUT_MS = 10_000;

export class TwilioStream implements AudioStream {
  readonly #socket: StreamSocket;
  readonly #onStart: (start: StreamStart) => void;
  readonly #emitter = new Emitter<AudioStreamEvents>();
  #streamSid: string | undefined;
  #batch: Uint8Array[] = [];
  #frames = 0;
  readonly #marksOut = new Set<string>();
  readonly #startTimeout: Timer;
  #isClosed = false;

  /** `onStart` is called at most once: when Twilio has said which call it is. Without that the stream closes. */
  constructor(
    socket: StreamSocket,
    onStart: (start: StreamStart) => void,
    startTimeoutMs: number = START_TIMEOUT_MS,
  ) {
    this.#socket = socket;
    this.#onStart = onStart;
    this.#startTimeout = setTimeout(() => this.close(), startTimeoutMs);
  }

  get events(): Listenable<AudioStreamEvents> {
    return this.#emitter;
  }

  /** A message of the socket. What is none ends the stream. */
  receive(text: string): void {
    if (this.#isClosed) return;
    const message = readMessage(text);
    if (message) this.#handle(message);
    else this.close();
  }

  send(frame: Uint8Array): void {
    if (this.#isClosed || this.#streamSid === undefined) return;
    this.#batch.push(frame);
    this.#frames += 1;
    if (this.#batch.length < BATCH_FRAMES) return;
    const payload = Buffer.concat(this.#batch).toString('base64');
    this.#batch = [];
    // Who does not read hears the present when they read again.
    if (this.#socket.unsent > MAX_UNSENT_BYTES) return;
    this.#tell({ event: 'media', media: { payload } });
    if (this.#frames % FRAMES_PER_MARK === 0) this.#mark();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#startTimeout);
    this.#socket.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  #handle(message: StreamMessage): void {
    switch (message.event) {
      case 'connected':
        return;
      case 'start': {
        const { callSid, customParameters } = message.start;
        if (this.#streamSid !== undefined) return;
        clearTimeout(this.#startTimeout);
        this.#streamSid = message.streamSid;
        this.#onStart({ callId: customParameters.call_id ?? '', callSid });
        return;
      }
      case 'media': {
        const position = (Number(message.media.timestamp) * SAMPLE_RATE) / 1_000;
        this.#emitter.emit('heard', { position, bytes: Buffer.from(message.media.payload, 'base64') });
        return;
      }
      case 'dtmf':
        this.#emitter.emit('digit', message.dtmf.digit);
        return;
      case 'mark':
        this.#marksOut.delete(message.mark.name);
        return;
      case 'stop':
        this.close();
    }
  }

  #mark(): void {
    if (this.#marksOut.size >= MAX_MARKS_OUT) {
      this.#marksOut.clear();
      this.#tell({ event: 'clear' });
    }
    const name = String(this.#frames);
    this.#marksOut.add(name);
    this.#tell({ event: 'mark', mark: { name } });
  }

  #tell(message: Readonly<Record<string, unknown>>): void {
    this.#socket.send(JSON.stringify({ ...message, streamSid: this.#streamSid }));
  }
}
