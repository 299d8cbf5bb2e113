/**
 * Runs in a page: a camera of one colour in which something moves, and a microphone with one tone. A patch of stripes that are one
 * pixel wide is sharp in the full picture, and an even grey in every smaller layer of it.
 */
import { DETAIL, type Look, MOVING, SIZE } from './look.ts';

const INTERVAL_MS = 1_000 / 20;
const VOLUME = 0.12;

export class ColoredMedia {
  readonly camera: MediaStreamTrack;
  readonly microphone: MediaStreamTrack;
  readonly #canvas = document.createElement('canvas');
  readonly #timer: ReturnType<typeof setInterval>;
  #frame = 0;

  constructor({ color, tone }: Look) {
    this.resize(SIZE);
    const draw = () => this.#paint(color);
    draw();
    const [camera] = this.#canvas.captureStream().getVideoTracks();
    const [microphone] = play(tone);
    if (!camera || !microphone) throw new Error('there is no track');
    this.camera = camera;
    this.microphone = microphone;
    this.#timer = setInterval(draw, INTERVAL_MS);
  }

  /** From the next frame on. */
  resize({ width, height }: { readonly width: number; readonly height: number }): void {
    this.#canvas.width = width;
    this.#canvas.height = height;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.camera.stop();
    this.microphone.stop();
  }

  #paint(color: Look['color']): void {
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext('2d');
    if (!context) throw new Error('there is no canvas');
    this.#frame += 1;
    context.fillStyle = `rgb(${color.join(' ')})`;
    context.fillRect(0, 0, width, height);
    context.fillStyle = 'black';
    for (let x = DETAIL.x; x < DETAIL.x + DETAIL.width; x += 2)
      context.fillRect(x, DETAIL.y, 1, DETAIL.height);
    context.fillStyle = 'white';
    for (let x = DETAIL.x + 1; x < DETAIL.x + DETAIL.width; x += 2)
      context.fillRect(x, DETAIL.y, 1, DETAIL.height);
    const { from, to, y, size } = MOVING;
    const at = from + ((this.#frame * 0.037) % (to - from));
    context.fillRect(at * width, y * height, size * width, size * width);
  }
}

function play(tone: number): MediaStreamTrack[] {
  const audio = new AudioContext();
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  const out = audio.createMediaStreamDestination();
  oscillator.frequency.value = tone;
  volume.gain.value = VOLUME;
  oscillator.connect(volume).connect(out);
  oscillator.start();
  return out.stream.getAudioTracks();
}
