/**
 * Runs inside of a page, before its own scripts: a camera of one colour with something moving in it, and a microphone
 * with one tone, so that a test can tell not only that media arrives, but whose it is.
 */

export interface Looks {
  /** Red, green, blue. */
  readonly color: readonly [number, number, number];
  /** Hertz. */
  readonly tone: number;
}

/** Self-contained: Playwright sends its text to the page. */
export function playPerson({ color, tone }: Looks): void {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const context = canvas.getContext('2d')!;
  let frame = 0;
  const draw = () => {
    frame += 1;
    context.fillStyle = `rgb(${color.join(' ')})`;
    context.fillRect(0, 0, 1280, 720);
    // Only the lower half moves: the upper one is where tests look for the colour.
    context.fillStyle = 'white';
    context.fillRect((frame * 24) % 1280, 420, 160, 160);
  };
  draw();
  setInterval(draw, 40);

  const microphone = () => {
    const audio = new AudioContext();
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    const out = audio.createMediaStreamDestination();
    oscillator.frequency.value = tone;
    volume.gain.value = 0.3;
    oscillator.connect(volume).connect(out);
    oscillator.start();
    return out.stream.getAudioTracks();
  };

  navigator.mediaDevices.getUserMedia = async ({ video, audio } = {}) =>
    new MediaStream([
      ...(video ? canvas.captureStream(25).getVideoTracks() : []),
      ...(audio ? microphone() : []),
    ]);
}

/** Whether the picture of this tile has the colour, in its upper half. */
export function showsColor({ tile, color }: { tile: string; color: readonly number[] }): boolean {
  const video = document.querySelector<HTMLVideoElement>(`${tile} video`);
  if (!video || video.videoWidth === 0) return false;
  const canvas = document.createElement('canvas');
  canvas.width = 8;
  canvas.height = 8;
  const context = canvas.getContext('2d')!;
  context.drawImage(video, 0, 0, 8, 8);
  const seen = context.getImageData(2, 1, 1, 1).data;
  // The way through YUV and back changes colours a little.
  return color.every((value, index) => Math.abs(value - seen[index]!) < 45);
}

interface Ear {
  readonly track: MediaStreamTrack;
  readonly analyser: AnalyserNode;
  silentPolls: number;
}

/** Listens to somebody's microphone: the loudest frequency, or null while it is silent. */
export function hear(userId: string): { frequency: number | null; silentPolls: number } {
  const holder = window as { ears?: Map<string, Ear> };
  const ears = holder.ears ?? new Map<string, Ear>();
  holder.ears = ears;
  const player = document.querySelector<HTMLAudioElement>(
    `audio[data-user-id="${userId}"][data-source="microphone"]`,
  );
  const [track] = player?.srcObject instanceof MediaStream ? player.srcObject.getAudioTracks() : [];
  if (!track) return { frequency: null, silentPolls: 0 };
  let ear = ears.get(userId);
  if (ear?.track !== track) {
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    analyser.fftSize = 4096;
    audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    ear = { track, analyser, silentPolls: 0 };
    ears.set(userId, ear);
  }
  const { analyser } = ear;
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const loudest = bins.reduce((best, level, index) => (level > bins[best]! ? index : best), 0);
  const isSilent = !(bins[loudest]! > -60);
  ear.silentPolls = isSilent ? ear.silentPolls + 1 : 0;
  const frequency = isSilent ? null : (loudest * analyser.context.sampleRate) / analyser.fftSize;
  return { frequency, silentPolls: ear.silentPolls };
}
