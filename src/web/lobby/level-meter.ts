/** Shows how loud our microphone is, so that one sees before joining that it works. */
import { h, type View } from '../dom.ts';
import { texts } from '../texts.ts';

const BARS = 14;
/** Speech at an arm's length is about a tenth of full scale. */
const GAIN = 5;

/** Its state is the microphone's track, or null. */
export function createLevelMeter(): View<MediaStreamTrack | null> {
  const bars = Array.from({ length: BARS }, () => h('span'));
  const element = h(
    'div',
    {
      class: 'meter',
      role: 'meter',
      'aria-label': texts.lobby.level,
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    },
    ...bars,
  );
  let track: MediaStreamTrack | null = null;
  let stop = () => {};

  const show = (level: number) => {
    const lit = Math.round(Math.min(1, level * GAIN) * BARS);
    for (const [index, bar] of bars.entries()) bar.dataset.lit = String(index < lit);
    element.setAttribute('aria-valuenow', String(Math.round((lit / BARS) * 100)));
  };

  return {
    element,
    update(next) {
      if (next === track) return;
      stop();
      track = next;
      show(0);
      stop = next ? measureLevel(next, show) : () => {};
    },
    dispose: () => stop(),
  };
}

/** Calls back on every frame with the level from 0 to 1; the returned function stops it. */
function measureLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let level = 0;
  let frame = 0;
  const measure = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // Rises at once, falls slowly: a bar that flickers tells nothing.
    level = Math.max(Math.sqrt(power), level * 0.92);
    onLevel(level);
    frame = requestAnimationFrame(measure);
  };
  // Some browsers begin suspended until the person has touched the page.
  const resume = () => {
    context.resume().catch(() => undefined);
  };
  document.addEventListener('pointerdown', resume);
  measure();
  return () => {
    cancelAnimationFrame(frame);
    document.removeEventListener('pointerdown', resume);
    source.disconnect();
    context.close().catch(() => undefined);
  };
}
