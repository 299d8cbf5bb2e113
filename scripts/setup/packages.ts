/** What Kaa uses of the operating system: as Debian calls it, as others may find it, and whether it is there. */
import { existsSync } from 'node:fs';
import { Glob } from 'bun';

export interface SystemPackage {
  /** As Debian calls it. */
  readonly name: string;
  /** For systems without Debian's packages. */
  readonly program: string;
  isPresent(): boolean;
}

export const FFMPEG: SystemPackage = {
  name: 'ffmpeg',
  program: 'ffmpeg',
  isPresent: () => hasProgram('ffmpeg') && hasProgram('ffprobe'),
};

export const CHROMIUM: SystemPackage = {
  name: 'chromium',
  program: 'chromium',
  isPresent: () => hasProgram('chromium'),
};

export const POSTGRESQL: SystemPackage = {
  name: 'postgresql',
  program: 'the server programs of PostgreSQL 15 or newer, in /usr/lib/postgresql/<version>/bin',
  isPresent: () =>
    existsSync('/usr/lib/postgresql') &&
    !new Glob('*/bin/postgres').scanSync('/usr/lib/postgresql').next().done,
};

export const UTIL_LINUX: SystemPackage = {
  name: 'util-linux',
  program: 'setpriv',
  isPresent: () => hasProgram('setpriv'),
};

export const FIREFOX: SystemPackage = {
  name: 'firefox-esr',
  program: 'firefox',
  isPresent: () => hasProgram('firefox-esr') || hasProgram('firefox'),
};

/** What tests of other WebRTC stacks use. */
export const AIORTC: readonly SystemPackage[] = [
  debianFile('python3-aiortc', '/usr/lib/python3/dist-packages/aiortc/__init__.py'),
  debianFile('python3-aiohttp', '/usr/lib/python3/dist-packages/aiohttp/__init__.py'),
];

/** What tests of gRPC from Python use. */
export const GRPCIO: readonly SystemPackage[] = [
  debianFile('python3-grpcio', '/usr/lib/python3/dist-packages/grpc/__init__.py'),
  debianFile('python3-protobuf', '/usr/lib/python3/dist-packages/google/protobuf/__init__.py'),
];

/** GStreamer with webrtcbin, and Python's way to it. */
export const GSTREAMER: readonly SystemPackage[] = [
  debianFile('python3-gi', '/usr/lib/python3/dist-packages/gi/__init__.py'),
  debianFile('gir1.2-gst-plugins-base-1.0', '/usr/lib/*/girepository-1.0/GstSdp-1.0.typelib'),
  debianFile('gir1.2-gst-plugins-bad-1.0', '/usr/lib/*/girepository-1.0/GstWebRTC-1.0.typelib'),
  debianFile('gstreamer1.0-nice', '/usr/lib/*/gstreamer-1.0/libgstnice.so'),
  debianFile('gstreamer1.0-plugins-base', '/usr/lib/*/gstreamer-1.0/libgstopus.so'),
  debianFile('gstreamer1.0-plugins-good', '/usr/lib/*/gstreamer-1.0/libgstvpx.so'),
  debianFile('gstreamer1.0-plugins-bad', '/usr/lib/*/gstreamer-1.0/libgstwebrtc.so'),
];

/** A package of which this file tells that it is there. */
function debianFile(name: string, pattern: string): SystemPackage {
  return {
    name,
    program: name,
    isPresent: () => !new Glob(pattern.slice(1)).scanSync('/').next().done,
  };
}

function hasProgram(name: string): boolean {
  return Bun.which(name) !== null;
}
