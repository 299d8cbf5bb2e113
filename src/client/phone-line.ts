/** A phone call from the browser: dials, answers the offer of the server, and follows how the call stands. It owns the connection and the microphone. */
import { Emitter, type Listenable } from './events.ts';

export interface PhoneCallInfo {
  readonly call_id: string;
  readonly status: 'initialized' | 'connecting' | 'active' | 'completed' | 'failed';
  readonly is_ringing: boolean;
  readonly phone_number: string;
  readonly answered_at: string | null;
  readonly duration: number;
  readonly end_reason: string | null;
  /** Whether it is recorded; of a call that nobody answered nothing is kept. */
  readonly record: boolean;
}

export interface DialOptions {
  /** The caller left, the far end right. To tell the far end of it is the caller's matter. */
  readonly record?: boolean;
}

export interface PhoneLineQuality {
  /** Of what the far end says, frames that had to be made up, of all. */
  readonly concealed: number;
  readonly received: number;
  readonly rttMs: number | null;
}

export interface PhoneLineEvents extends Record<string, unknown> {
  changed: PhoneCallInfo;
  quality: PhoneLineQuality;
  /** The voice of the far end. */
  heard: MediaStream;
}

export interface PhoneLineOptions {
  readonly url: string;
  readonly token: () => Promise<string>;
}

/** What the server refuses, in its words. */
export class PhoneError extends Error {
  override name = 'PhoneError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const RETRY_MS = 1_000;

export class PhoneLine {
  readonly #options: PhoneLineOptions;
  readonly #emitter = new Emitter<PhoneLineEvents>();
  readonly #watching = new AbortController();
  #connection: RTCPeerConnection | undefined;
  #microphone: MediaStream | undefined;
  #callId: string | undefined;
  /** The one that was answered last. */
  #offer: string | undefined;
  #isMuted = false;
  #isClosed = false;

  constructor(options: PhoneLineOptions) {
    this.#options = options;
  }

  get events(): Listenable<PhoneLineEvents> {
    return this.#emitter;
  }

  /** Rejects with `PhoneError`, and as `getUserMedia` does; then there is no call. A line makes one call. */
  async dial(phoneNumber: string, { record = false }: DialOptions = {}): Promise<void> {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    this.#microphone = microphone;
    this.#applyMuting();
    if (this.#isClosed) {
      stop(microphone);
      return;
    }
    const order = { phone_number: phoneNumber, record };
    const begun = await this.#ask('/initiate', order, { 'idempotency-key': crypto.randomUUID() });
    const { call_id, sdp_offer } = begun as { call_id: string; sdp_offer: string };
    this.#callId = call_id;
    if (this.#isClosed) {
      await this.hangUp();
      return;
    }
    void this.#watch(call_id);
    try {
      await this.#connect(sdp_offer);
    } catch (error) {
      // It has ended meanwhile: why is told by the events.
      if (this.#isClosed || (error instanceof PhoneError && error.code === 'invalid_state')) return;
      // Whoever took up would hear nobody. Where the server cannot be told, it ends the call by itself.
      await this.hangUp().catch(() => undefined);
      throw error;
    }
  }

  async press(digits: string): Promise<void> {
    if (this.#callId !== undefined) await this.#ask(`/${this.#callId}/dtmf`, { digits });
  }

  /** Also before there is a microphone. */
  set isMuted(isMuted: boolean) {
    this.#isMuted = isMuted;
    this.#applyMuting();
  }

  #applyMuting(): void {
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !this.#isMuted;
  }

  /** While the number is still being dialled it gives that up: the line is closed, and a call that comes of it is ended. */
  async hangUp(): Promise<void> {
    if (this.#callId === undefined) this.close();
    else await this.#ask('/terminate', { call_id: this.#callId });
  }

  /** Lets go of everything; a call that goes on notices that its caller has gone. Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watching.abort();
    this.#connection?.close();
    if (this.#microphone) stop(this.#microphone);
    this.#emitter.removeAll();
  }

  async #connect(sdp: string): Promise<void> {
    this.#offer = sdp;
    this.#connection?.close();
    const connection = new RTCPeerConnection();
    this.#connection = connection;
    connection.addEventListener('track', ({ track }) =>
      this.#emitter.emit('heard', new MediaStream([track])),
    );
    for (const track of this.#microphone?.getAudioTracks() ?? []) connection.addTrack(track);
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await connection.setLocalDescription();
    await this.#ask(`/${this.#callId}/answer`, { sdp_answer: connection.localDescription?.sdp });
  }

  /** Until the call has ended; begun again when the stream of events breaks. */
  async #watch(callId: string): Promise<void> {
    while (!this.#isClosed) {
      try {
        for await (const { name, data } of this.#events(callId)) {
          await this.#answerAgain(data as { sdp_offer?: string | null });
          if (name === 'quality') this.#emitter.emit('quality', toQuality(data));
          else if (name !== 'dtmf' && name !== 'offer') this.#emitter.emit('changed', data as PhoneCallInfo);
          if (name === 'ended') return;
        }
      } catch {
        // The server may be starting again.
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** After a restart of the server the first thing that is told has another offer, and nothing else announces it. */
  async #answerAgain({ sdp_offer: sdp }: { sdp_offer?: string | null }): Promise<void> {
    if (!sdp || sdp === this.#offer) return;
    try {
      await this.#connect(sdp);
    } catch (error) {
      this.#offer = undefined;
      throw error;
    }
  }

  async *#events(callId: string): AsyncGenerator<{ name: string; data: unknown }> {
    const response = await fetch(`${this.#options.url}/api/calls/${callId}/events`, {
      headers: { authorization: `Bearer ${await this.#options.token()}` },
      signal: this.#watching.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      text += piece.value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, name, data] = /^event: (.*)\ndata: (.*)$/s.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        if (name !== undefined && data !== undefined) yield { name, data: JSON.parse(data) };
      }
    }
  }

  async #ask(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(`${this.#options.url}/api/calls${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await this.#options.token()}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return answer;
    const { error, message } = answer as { error: string; message: string };
    throw new PhoneError(error, message);
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function toQuality(data: unknown): PhoneLineQuality {
  const { from_phone, caller } = data as {
    from_phone: { concealed: number; received: number };
    caller: { rtt_ms: number | null } | null;
  };
  return { concealed: from_phone.concealed, received: from_phone.received, rttMs: caller?.rtt_ms ?? null };
}
