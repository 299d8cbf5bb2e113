/** What a page with the dialler hears and says: a microphone that is an oscillator, and an ear on what the page plays. */

export interface PhonePage {
  /** Sets the level of the beep that the microphone hears, 0 to 1. */
  beep(level: number): number;
  /** How loud a frequency is in what the page plays, in decibels. */
  levelAt(frequency: number): number;
}

/** To run in the page, before anything else. */
export function installPhonePage(beepHz: number): void {
  const audio = new AudioContext();
  const gain = audio.createGain();
  gain.gain.value = 0;
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = beepHz;
  oscillator.connect(gain);
  oscillator.start();
  const microphone = audio.createMediaStreamDestination();
  gain.connect(microphone);
  navigator.mediaDevices.getUserMedia = async () => {
    await audio.resume();
    return microphone.stream.clone();
  };
  let heard: MediaStreamTrack | undefined;
  const analyser = audio.createAnalyser();
  analyser.fftSize = 4_096;
  analyser.smoothingTimeConstant = 0;
  const levels = new Float32Array(analyser.frequencyBinCount);
  const page: PhonePage = {
    beep(level) {
      gain.gain.value = level;
      return performance.now();
    },
    levelAt(frequency) {
      const stream = document.querySelector('audio')?.srcObject;
      const [track] = stream instanceof MediaStream ? stream.getAudioTracks() : [];
      if (!track) return Number.NEGATIVE_INFINITY;
      if (track !== heard) {
        heard = track;
        audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      }
      analyser.getFloatFrequencyData(levels);
      return (
        levels[Math.round((frequency * analyser.fftSize) / audio.sampleRate)] ?? Number.NEGATIVE_INFINITY
      );
    },
  };
  Object.assign(window, { phonePage: page });
}

declare global {
  interface Window {
    phonePage: PhonePage;
  }
}
