/** Asks the browser for camera, microphone and screen. */
import type { DeviceKind } from './media-problem.ts';

const CONSTRAINTS = {
  camera: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
} as const;

/** Rejects with what the browser says; see `explainDeviceProblem`. */
export async function captureDevice(kind: DeviceKind, deviceId: string | null): Promise<MediaStreamTrack> {
  // "ideal", not "exact": a remembered device that is gone gives another one, not an error.
  const wanted = { ...CONSTRAINTS[kind], ...(deviceId !== null && { deviceId: { ideal: deviceId } }) };
  const stream = await mediaDevices().getUserMedia(kind === 'camera' ? { video: wanted } : { audio: wanted });
  return oneTrack(stream);
}

/** Both with one question to the person. */
export async function captureBoth(): Promise<Readonly<Record<DeviceKind, MediaStreamTrack>>> {
  const stream = await mediaDevices().getUserMedia({
    video: CONSTRAINTS.camera,
    audio: CONSTRAINTS.microphone,
  });
  const [camera] = stream.getVideoTracks();
  const [microphone] = stream.getAudioTracks();
  if (!camera || !microphone) throw new DOMException('A device is missing.', 'NotFoundError');
  return { camera, microphone };
}

export interface ScreenCapture {
  readonly video: MediaStreamTrack;
  /** The sound of what is shared, when the person shares it. */
  readonly audio: MediaStreamTrack | undefined;
}

export async function captureScreen(): Promise<ScreenCapture> {
  const stream = await mediaDevices().getDisplayMedia({ video: { frameRate: { ideal: 15 } }, audio: true });
  const video = oneTrack(new MediaStream(stream.getVideoTracks()));
  // Text has to stay sharp; frames may be dropped.
  video.contentHint = 'detail';
  return { video, audio: stream.getAudioTracks()[0] };
}

export interface DeviceChoice {
  readonly deviceId: string;
  readonly label: string;
}

export async function listDevices(): Promise<Readonly<Record<DeviceKind, readonly DeviceChoice[]>>> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const ofKind = (kind: MediaDeviceKind) =>
    devices.filter((device) => device.kind === kind && device.deviceId !== '');
  return { camera: ofKind('videoinput'), microphone: ofKind('audioinput') };
}

/** Absent on pages that are not secure. */
function mediaDevices(): MediaDevices {
  if (!navigator.mediaDevices) throw new DOMException('The page is not secure.', 'SecurityError');
  return navigator.mediaDevices;
}

function oneTrack(stream: MediaStream): MediaStreamTrack {
  const [track] = stream.getTracks();
  if (!track) throw new DOMException('There is no track.', 'NotFoundError');
  return track;
}
