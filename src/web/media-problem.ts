/** Why a camera or microphone could not be had, in words that say what to do. */
import { texts } from './texts.ts';

export type DeviceKind = 'camera' | 'microphone';

/** For a call, which one can join all the same. */
export function explainMissingDevices(error: unknown, kinds: readonly DeviceKind[]): string {
  return `${explainDeviceProblem(error, kinds)} ${texts.devices.without}`;
}

export function explainDeviceProblem(error: unknown, kinds: readonly DeviceKind[]): string {
  const { devices } = texts;
  const named = kinds.length > 1 ? devices.both : devices[kinds[0] ?? 'camera'];
  if (!navigator.mediaDevices) return devices.insecure;
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return devices.denied(named);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return devices.missing(named);
    case 'NotReadableError':
    case 'AbortError':
      return devices.busy(named);
    default:
      return devices.failed(named);
  }
}
