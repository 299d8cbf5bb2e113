/** Watches a streaming session as one of its operators, in a video element; connects again by itself. */

import { StreamCloseCode } from '../../protocol/codes.ts';
import { reconnectDelayMs } from '../backoff.ts';
import { Emitter, type Listenable } from '../events.ts';
import { StreamPlayback } from './playback.ts';
import { subjectOf } from './subject.ts';

export interface StreamWatcherOptions {
  /** Of the server, such as `https://stream.example.com`. */
  readonly url: string;
  readonly sessionId: string;
  /** Asked for each time that it connects. */
  readonly token: () => Promise<string>;
  readonly video: HTMLVideoElement;
}

/** `waiting`: nothing to see yet, or the connection was lost; it goes on by itself. `refused` and `ended`: it does not. */
export type StreamWatcherState = 'connecting' | 'waiting' | 'playing' | 'ended' | 'refused' | 'closed';

interface StreamWatcherEvents {
  state: StreamWatcherState;
}

/** A browser is not told why a socket is refused: after so many attempts in a row it will not be let in. */
const MAX_REFUSALS = 5;

export class StreamWatcher {
  readonly #options: StreamWatcherOptions;
  readonly #emitter = new Emitter<StreamWatcherEvents>();
  readonly #playback: StreamPlayback;
  readonly #stopListening: () => void;
  #state: StreamWatcherState = 'connecting';
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;

  constructor(options: StreamWatcherOptions) {
    this.#options = options;
    const { video } = options;
    this.#playback = new StreamPlayback(video);
    const playing = () => this.#enter('playing');
    video.addEventListener('playing', playing);
    this.#stopListening = () => video.removeEventListener('playing', playing);
  }

  get events(): Listenable<StreamWatcherEvents> {
    return this.#emitter;
  }

  get state(): StreamWatcherState {
    return this.#state;
  }

  /** Begins, and goes on by itself. Never rejects: what comes of it is told by `state`. */
  async start(): Promise<void> {
    try {
      const token = await this.#options.token();
      if (!this.#isOver) this.#connect(token);
    } catch {
      this.#again();
    }
  }

  /** Says something to the source; nothing when it is not connected. */
  say(content: string | ArrayBuffer): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(content);
  }

  /** Twice is no error. */
  close(): void {
    this.#enter('closed');
    clearTimeout(this.#retry);
    this.#socket?.close(1000);
    this.#playback.close();
    this.#stopListening();
    this.#emitter.removeAll();
  }

  #connect(token: string): void {
    const { url, sessionId } = this.#options;
    const base = url.replace(/^http/, 'ws');
    const path = [sessionId, subjectOf(token)].map(encodeURIComponent).join('/');
    const socket = new WebSocket(`${base}/ws/stream/${path}`, ['bearer', token]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#refusals = 0;
      this.#enter('waiting');
    };
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.#playback.push(data);
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket || this.#isOver) return;
      if (code === StreamCloseCode.finished) this.#end('ended');
      else this.#again();
    };
  }

  #again(): void {
    if (this.#isOver) return;
    this.#refusals += 1;
    if (this.#refusals > MAX_REFUSALS) {
      this.#end('refused');
      return;
    }
    this.#playback.close();
    this.#enter('waiting');
    this.#retry = setTimeout(() => void this.start(), reconnectDelayMs(this.#refusals));
  }

  #end(state: 'ended' | 'refused'): void {
    this.#playback.close();
    this.#enter(state);
  }

  get #isOver(): boolean {
    return this.#state === 'ended' || this.#state === 'refused' || this.#state === 'closed';
  }

  #enter(state: StreamWatcherState): void {
    if (this.#state === state || this.#isOver) return;
    this.#state = state;
    this.#emitter.emit('state', state);
  }
}
