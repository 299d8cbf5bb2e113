/**
 * Runs inside of pages, before their own scripts: a camera that shows the number of each of its frames, in the blocks of
 * `clip.ts`, and an eye that writes down the number of every frame that was decoded.
 */

interface Seen {
  /** The number of each frame that a page has decoded, with when, in milliseconds since 1970. */
  seen: { number: number; at: number }[];
}

/** What TypeScript's library does not know of Chromium. */
declare const MediaStreamTrackProcessor: new (options: {
  track: MediaStreamTrack;
}) => { readonly readable: ReadableStream<VideoFrame> };

export interface Publisher {
  /** How many times larger than 320 by 180 the picture is. */
  readonly scale: number;
  /** Where the media is sent in the place of the server's port; null leaves that as it is. */
  readonly proxyPort: number | null;
  /** In the place of the one that the server asks for. */
  readonly codec: string;
}

/** Self-contained: Playwright sends its text to the page. */
export function showNumbers({ scale, proxyPort, codec }: Publisher): void {
  const canvas = document.createElement('canvas');
  canvas.width = 320 * scale;
  canvas.height = 180 * scale;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  let number = 0;
  const draw = () => {
    context.fillStyle = '#303030';
    context.fillRect(0, 0, 320, 180);
    // Something that changes from frame to frame, so that a frame is worth a few packets.
    for (let index = 0; index < 40; index += 1) {
      context.fillStyle = `hsl(${(number * 7 + index * 31) % 360} 80% 50%)`;
      context.fillRect((index * 53 + number * 5) % 320, (index * 29) % 110, 24, 16);
    }
    context.fillStyle = 'white';
    for (let bit = 0; bit < 14; bit += 1) if ((number >> bit) & 1) context.fillRect(bit * 20, 140, 20, 20);
    number += 1;
  };
  draw();
  navigator.mediaDevices.getUserMedia = async ({ video, audio } = {}) => {
    const stream = canvas.captureStream(0);
    const [track] = stream.getVideoTracks() as CanvasCaptureMediaStreamTrack[];
    setInterval(() => {
      draw();
      track!.requestFrame();
    }, 1_000 / 30);
    const audioContext = new AudioContext();
    const sound = audioContext.createMediaStreamDestination().stream.getAudioTracks();
    return new MediaStream([...(video ? stream.getVideoTracks() : []), ...(audio ? sound : [])]);
  };
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')!;
  Object.defineProperty(MessageEvent.prototype, 'data', {
    get() {
      const value: unknown = data.get!.call(this);
      return typeof value === 'string' ? value.replace('"codec":"vp8"', `"codec":"${codec}"`) : value;
    },
  });
  if (proxyPort === null) return;
  const setRemoteDescription = RTCPeerConnection.prototype.setRemoteDescription as (
    description: RTCSessionDescriptionInit,
  ) => Promise<void>;
  RTCPeerConnection.prototype.setRemoteDescription = function (description?: RTCSessionDescriptionInit) {
    const sdp = (description?.sdp ?? '')
      .replace(/^a=candidate:\S+ \d tcp .*\r\n/gim, '')
      .replace(/^(a=candidate:\S+ \d udp \d+ \S+) \d+ /gim, `$1 ${proxyPort} `);
    return setRemoteDescription.call(this, { type: description!.type, sdp });
  };
}

/** Self-contained: who only watches has a camera all the same, of which one picture comes. */
export function showStill(): void {
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 90;
  canvas.getContext('2d')!.fillRect(0, 0, 160, 90);
  navigator.mediaDevices.getUserMedia = async ({ video } = {}) =>
    new MediaStream(video ? canvas.captureStream(1).getVideoTracks() : []);
}

/** Self-contained. Looks at every frame that comes out of the decoder, not only at those that are painted. */
export function writeDownNumbers(): void {
  const { seen }: Seen = Object.assign(window, { seen: [] });
  const look = async (track: MediaStreamTrack) => {
    const { readable } = new MediaStreamTrackProcessor({ track });
    const reader = readable.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const frame = read.value;
      const pixels = new Uint8Array(frame.allocationSize());
      const [plane] = await frame.copyTo(pixels);
      const { width, height } = frame.visibleRect!;
      let number = 0;
      for (let bit = 0; bit < 14; bit += 1) {
        const x = Math.floor(((bit * 20 + 10) / 320) * width);
        const y = Math.floor((150 / 180) * height);
        if (pixels[plane!.offset + y * plane!.stride + x]! > 150) number += 2 ** bit;
      }
      seen.push({ number, at: Date.now() });
      frame.close();
    }
  };
  const Original = RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => {
        // Cloned: the page may stop its own.
        if (track.kind === 'video') void look(track.clone());
      });
    }
  };
}
