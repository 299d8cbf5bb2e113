/** Sends a camera and a microphone to a streaming session, in pieces as `MediaRecorder` makes them; connects again by itself. */

import { StreamCloseCode } from '../../protocol/codes.ts';
import { reconnectDelayMs } from '../backoff.ts';
import { Emitter, type Listenable } from '../events.ts';
import { StreamFramer } from './framer.ts';

export interface StreamPublisherOptions {
  /** As the server gave it when the session was made, the key included. */
  readonly sourceUrl: string;
  readonly media: MediaStream;
}

/**
 * `lost`: it connects again by itself. `ended`: the session is finished, or the server is well and refuses the source.
 * `replaced`: somebody else is the source now.
 */
export type StreamPublisherState = 'connecting' | 'live' | 'lost' | 'ended' | 'replaced' | 'closed';

interface StreamPublisherEvents {
  state: StreamPublisherState;
  /** An operator said something. */
  heard: string | Blob;
}

/** How long a piece is: what an operator is behind at least. */
const PIECE_MS = 250;
/** Who comes later sees nothing until the next full picture. */
const KEYFRAME_INTERVAL_MS = 2_000;
/** Bytes that may wait for a network that is too slow; then it begins anew, with what is now. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;
/** So often a server that is well may refuse the source; then its session is over, for a browser is not told why. */
const MAX_REFUSALS = 4;
/** After that it is not well. */
const READY_TIMEOUT_MS = 5_000;
/** A code of our own, for nobody but this end. */
const TOO_SLOW = 4000;
const TYPES = [
  'video/webm;codecs=vp8,opus',
  'video/webm',
  'video/mp4;codecs=avc1.42E01F,mp4a.40.2',
  'video/mp4',
];

const FINAL: ReadonlyMap<number, StreamPublisherState> = new Map([
  [StreamCloseCode.finished, 'ended'],
  [StreamCloseCode.replaced, 'replaced'],
]);

export class StreamPublisher {
  readonly #options: StreamPublisherOptions;
  readonly #emitter = new Emitter<StreamPublisherEvents>();
  #state: StreamPublisherState = 'connecting';
  #socket: WebSocket | undefined;
  #recorder: MediaRecorder | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #refusals = 0;

  /** Begins at once, and goes on by itself. */
  constructor(options: StreamPublisherOptions) {
    this.#options = options;
    this.#connect();
  }

  get events(): Listenable<StreamPublisherEvents> {
    return this.#emitter;
  }

  get state(): StreamPublisherState {
    return this.#state;
  }

  /** The session goes on for a while, for who returns. Twice is no error. */
  close(): void {
    if (this.#state !== 'ended' && this.#state !== 'replaced') this.#enter('closed');
    clearTimeout(this.#retry);
    this.#stopRecording();
    this.#socket?.close(1000);
    this.#emitter.removeAll();
  }

  #connect(): void {
    const socket = new WebSocket(`${this.#options.sourceUrl}&header=1`);
    this.#socket = socket;
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.#attempt = 0;
      this.#refusals = 0;
      this.#record(socket);
      this.#enter('live');
    };
    socket.onmessage = ({ data }) => this.#emitter.emit('heard', data);
    socket.onclose = ({ code }) => void this.#disconnected(socket, { code, wasOpen });
  }

  async #disconnected(
    socket: WebSocket,
    { code, wasOpen }: { code: number; wasOpen: boolean },
  ): Promise<void> {
    if (socket !== this.#socket) return;
    this.#stopRecording();
    if (this.#isOver) return;
    const final = FINAL.get(code);
    if (final) {
      this.#enter(final);
      return;
    }
    this.#enter('lost');
    if (!wasOpen && (await isReady(this.#options.sourceUrl))) this.#refusals += 1;
    if (this.#isOver) return;
    if (this.#refusals >= MAX_REFUSALS) {
      this.#enter('ended');
      return;
    }
    this.#retry = setTimeout(() => this.#connect(), reconnectDelayMs(this.#attempt));
    this.#attempt += 1;
  }

  /** Each connection has a recording of its own, which begins with a header. */
  #record(socket: WebSocket): void {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    // Not every browser knows the interval, nor do its types.
    const options: MediaRecorderOptions & { videoKeyFrameIntervalDuration: number } = {
      ...(mimeType !== undefined && { mimeType }),
      videoKeyFrameIntervalDuration: KEYFRAME_INTERVAL_MS,
    };
    const recorder = new MediaRecorder(this.#options.media, options);
    const framer = new StreamFramer();
    let sending = Promise.resolve();
    this.#recorder = recorder;
    recorder.ondataavailable = ({ data }) => {
      // One after another: they are read in no certain order.
      sending = sending.then(async () => {
        const messages = framer.push(new Uint8Array(await data.arrayBuffer()));
        if (recorder !== this.#recorder) return;
        if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.close(TOO_SLOW, 'the network is too slow');
        else for (const message of messages) socket.send(message);
      });
    };
    recorder.start(PIECE_MS);
  }

  #stopRecording(): void {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (recorder && recorder.state !== 'inactive') recorder.stop();
  }

  get #isOver(): boolean {
    return this.#state === 'closed' || this.#state === 'ended' || this.#state === 'replaced';
  }

  #enter(state: StreamPublisherState): void {
    if (this.#state === state || this.#isOver) return;
    this.#state = state;
    this.#emitter.emit('state', state);
  }
}

/** Whether the server of this address says that it is well: one that is not may take the source back later. */
async function isReady(sourceUrl: string): Promise<boolean> {
  const url = sourceUrl.replace(/^ws/, 'http').replace(/\/ws\/stream\/.*$/, '/ready');
  return await fetch(url, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
