/**
 * Runs in a page: a picture and a sound by one clock, that of the sound card. The number of each frame in black and white blocks, a
 * white flash and a beep at each full second: what `read-media.ts` finds again in a file.
 */
import {
  BEEP_MS,
  BLOCK,
  COUNTER_BITS,
  FLASH_FRAMES,
  FLASH_HEIGHT,
  FRAMERATE,
  HEIGHT,
  WIDTH,
} from '../../support/media/test-card.ts';

const BEEP_HZ = 1_000;
const VOLUME = 0.4;
/** How far ahead beeps are told to the sound card, in seconds. */
const AHEAD_SECONDS = 3;

export class ClockedMedia {
  readonly camera: MediaStreamTrack;
  readonly microphone: MediaStreamTrack;
  readonly #audio: AudioContext;
  readonly #volume: GainNode;
  readonly #canvas = document.createElement('canvas');
  readonly #context: CanvasRenderingContext2D;
  /** What `performance.now()` is when the clock of the sound card is 0, in seconds. Both are the same clock in a headless browser. */
  readonly #zero: number;
  /** Of the full seconds, those whose flash was painted in time: a page that is kept from running paints late. */
  readonly #painted: number[] = [];
  #lastNumber = -1;
  #nextBeep = 1;

  static async create(): Promise<ClockedMedia> {
    const audio = new AudioContext();
    return new ClockedMedia(audio, await readZero(audio));
  }

  private constructor(audio: AudioContext, zero: number) {
    this.#audio = audio;
    this.#volume = audio.createGain();
    this.#zero = zero;
    this.#nextBeep = Math.ceil(audio.currentTime);
    this.#canvas.width = WIDTH;
    this.#canvas.height = HEIGHT;
    const context = this.#canvas.getContext('2d');
    if (!context) throw new Error('there is no canvas');
    this.#context = context;
    const [camera] = this.#canvas.captureStream().getVideoTracks();
    const [microphone] = this.#beep();
    if (!camera || !microphone) throw new Error('there is no track');
    this.camera = camera;
    this.microphone = microphone;
    this.#draw();
  }

  /** The numbers of the frames with which flashes began in time. */
  get painted(): readonly number[] {
    return this.#painted;
  }

  #beep(): MediaStreamTrack[] {
    const oscillator = this.#audio.createOscillator();
    const out = this.#audio.createMediaStreamDestination();
    oscillator.frequency.value = BEEP_HZ;
    this.#volume.gain.value = 0;
    oscillator.connect(this.#volume).connect(out);
    oscillator.start();
    return out.stream.getAudioTracks();
  }

  get #now(): number {
    return performance.now() / 1_000 - this.#zero;
  }

  /** One frame, and the next one when it is due. */
  #draw(): void {
    for (; this.#nextBeep < this.#now + AHEAD_SECONDS; this.#nextBeep += 1) {
      this.#volume.gain.setValueAtTime(VOLUME, this.#nextBeep);
      this.#volume.gain.setValueAtTime(0, this.#nextBeep + BEEP_MS / 1_000);
    }
    const number = Math.floor(this.#now * FRAMERATE);
    if (number !== this.#lastNumber) this.#paint(number);
    this.#lastNumber = number;
    setTimeout(() => this.#draw(), Math.max(1, ((number + 1) / FRAMERATE - this.#now) * 1_000));
  }

  #paint(number: number): void {
    const context = this.#context;
    context.fillStyle = '#303030';
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = 'white';
    if (number % FRAMERATE < FLASH_FRAMES) context.fillRect(0, 0, WIDTH, FLASH_HEIGHT);
    for (let bit = 0; bit < COUNTER_BITS; bit += 1) {
      if (Math.floor(number / 2 ** bit) % 2 === 1)
        context.fillRect(bit * BLOCK, HEIGHT - 2 * BLOCK, BLOCK, BLOCK);
    }
    if (number % FRAMERATE === 0) this.#painted.push(number);
  }
}

/** The clock of the sound card is told in steps: the latest of what it says is the nearest to the truth. */
async function readZero(audio: AudioContext): Promise<number> {
  let zero = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 50; round += 1) {
    zero = Math.min(zero, performance.now() / 1_000 - audio.currentTime);
    await new Promise((resolve) => setTimeout(resolve, 7));
  }
  return zero;
}
