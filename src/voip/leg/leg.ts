/**
 * One phone in a room: carries what it says into the room and what it is to hear out of it, frame by frame at the pace of one clock.
 * It owns its endpoint's sources and the stream that is plugged into it, not the call.
 */
import { Emitter, type Listenable, type Unsubscribe } from '../../lib/index.ts';
import type { LegEndpoint, Publication } from '../../media/index.ts';
import type { AudioStream } from '../providers/audio-stream.ts';
import { SILENCE } from './frame.ts';
import { type FrameQuality, JitterBuffer } from './jitter-buffer.ts';
import { bytesReframer } from './reframer.ts';
import { mix } from './sound.ts';
import { concealMuLaw, type Source } from './source.ts';
import type { Ticker } from './ticker.ts';
import { digitFrames, FRAMES_PER_DIGIT } from './tones.ts';
import type { VoiceEncoder } from './voice-encoder.ts';

export interface LegOptions {
  readonly endpoint: LegEndpoint;
  readonly ticker: Ticker;
  readonly encoder: VoiceEncoder;
  /** Undefined for a track that no phone can hear. */
  readonly makeSource: (publication: Publication) => Source | undefined;
}

export interface LegQuality {
  /** From the phone into the room. */
  readonly fromPhone: FrameQuality;
  /** From the room to the phone, all tracks together. */
  readonly toPhone: FrameQuality;
}

interface LegEvents extends Record<string, unknown> {
  /** The stream was ended, and not from here. */
  cutOff: undefined;
  /** A key that the phone pressed. */
  digit: string;
}

export class Leg {
  readonly #emitter = new Emitter<LegEvents>();
  readonly #options: LegOptions;
  /** By track id. */
  readonly #sources = new Map<string, Source>();
  readonly #stopTicking: Unsubscribe;
  #plugged: { readonly stream: AudioStream; readonly stops: readonly Unsubscribe[] } | undefined;
  #fromPhone = newPhoneBuffer();
  /** Of streams and tracks that are gone. */
  #earlier = { fromPhone: NOTHING, toPhone: NOTHING };
  #digits: (Uint8Array | undefined)[] = [];
  #timestamp = 0;
  #wasSilent = true;
  #isClosed = false;

  constructor(options: LegOptions) {
    this.#options = options;
    this.#stopTicking = options.ticker.add(() => this.#tick());
  }

  get events(): Listenable<LegEvents> {
    return this.#emitter;
  }

  get isPlugged(): boolean {
    return this.#plugged !== undefined;
  }

  get quality(): LegQuality {
    const sources = [...this.#sources.values()].map(({ quality }) => quality);
    return {
      fromPhone: addQuality([this.#earlier.fromPhone, this.#fromPhone.quality]),
      toPhone: addQuality([this.#earlier.toPhone, ...sources]),
    };
  }

  /** The phone hears this track from now on, until it closes. A track that is published again takes its own place. */
  hear(publication: Publication): void {
    if (this.#isClosed) return;
    const source = this.#options.makeSource(publication);
    if (!source) return;
    const { trackId } = publication;
    this.#forget(trackId);
    this.#sources.set(trackId, source);
    this.#options.endpoint.listen(publication, (packet) => source.take(packet));
    publication.events.on('closed', () => {
      if (this.#sources.get(trackId) === source) this.#forget(trackId);
    });
  }

  /** The voice of the phone comes and goes by this stream from now on; an earlier one is closed. */
  plug(stream: AudioStream): void {
    this.unplug();
    if (this.#isClosed) {
      stream.close();
      return;
    }
    this.#earlier = {
      ...this.#earlier,
      fromPhone: addQuality([this.#earlier.fromPhone, this.#fromPhone.quality]),
    };
    const buffer = newPhoneBuffer();
    this.#fromPhone = buffer;
    const reframer = bytesReframer((position, frame) => buffer.push(position, frame));
    const stops = [
      stream.events.on('heard', ({ position, bytes }) => reframer.push(position, bytes)),
      stream.events.on('digit', (digit) => this.#emitter.emit('digit', digit)),
      stream.events.on('closed', () => {
        if (this.#plugged?.stream !== stream) return;
        this.unplug();
        this.#emitter.emit('cutOff', undefined);
      }),
    ];
    this.#plugged = { stream, stops };
  }

  /** Twice is no error. */
  unplug(): void {
    const plugged = this.#plugged;
    if (!plugged) return;
    this.#plugged = undefined;
    for (const stop of plugged.stops) stop();
    plugged.stream.close();
  }

  /** Keys that are still to be heard. */
  get digitsWaiting(): number {
    return Math.ceil(this.#digits.length / FRAMES_PER_DIGIT);
  }

  /** Presses keys: their tones go to the phone in the place of all else. Throws `RangeError` for what is on no keypad. */
  press(digits: string): void {
    this.#digits.push(...digitFrames(digits));
  }

  /** Twice is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopTicking();
    this.unplug();
    for (const trackId of [...this.#sources.keys()]) this.#forget(trackId);
    this.#options.encoder.close();
    this.#emitter.removeAll();
  }

  #tick(): void {
    const sounds = [...this.#sources.values()]
      .map((source) => source.pop())
      .filter((sound) => sound !== undefined);
    const { endpoint, encoder } = this.#options;
    const heard = mix(sounds);
    if (this.#plugged) {
      const key = this.#digits.length > 0 ? (this.#digits.shift() ?? SILENCE) : undefined;
      this.#plugged.stream.send(key ?? heard ?? SILENCE);
    }
    const said = this.#plugged ? this.#fromPhone.pop() : undefined;
    this.#timestamp = (this.#timestamp + encoder.ticksPerFrame) >>> 0;
    // Before the phone is connected there is nothing to be heard, and nothing to be sent.
    if (!this.#plugged) return;
    const isSilent = said === undefined;
    endpoint.send(encoder.encode(said ?? SILENCE), {
      timestamp: this.#timestamp,
      // RFC 3551, section 4.1: the first packet after a silence.
      marker: this.#wasSilent && !isSilent,
    });
    this.#wasSilent = isSilent;
  }

  #forget(trackId: string): void {
    const source = this.#sources.get(trackId);
    if (!source) return;
    this.#sources.delete(trackId);
    this.#earlier = {
      ...this.#earlier,
      toPhone: addQuality([this.#earlier.toPhone, source.quality]),
    };
    source.close();
    this.#options.endpoint.forget(trackId);
  }
}

const NOTHING: FrameQuality = { received: 0, lost: 0, late: 0, concealed: 0, skipped: 0 };

function newPhoneBuffer(): JitterBuffer<Uint8Array> {
  return new JitterBuffer({ conceal: concealMuLaw });
}

function addQuality(parts: readonly FrameQuality[]): FrameQuality {
  return parts.reduce(
    (sum, part) => ({
      received: sum.received + part.received,
      lost: sum.lost + part.lost,
      late: sum.late + part.late,
      concealed: sum.concealed + part.concealed,
      skipped: sum.skipped + part.skipped,
    }),
    NOTHING,
  );
}
