/** The WebRTC stacks that are no browser's: what runs each here, or why it cannot run. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Stack {
  readonly name: string;
  /** Starts the program that drives it. */
  readonly command: readonly string[];
  /** What it takes of streams whose ssrc nobody named, as in the answer to a WHEP player; all where nothing is said. */
  readonly takesUnnamed?: 'sound' | 'nothing';
}

export interface MissingStack {
  readonly name: string;
  /** What is missing, in one line. */
  readonly obstacle: string;
}

const PROGRAMS = join(import.meta.dir, 'programs');
/** Inside of the project, so that packages are found from there. */
const BUNDLES = join(import.meta.dir, '../../../node_modules/.cache/kaa-stacks');

export async function findStacks(): Promise<(Stack | MissingStack)[]> {
  return [findLibwebrtc(), await findLibdatachannel(), findAiortc(), findGstreamer()];
}

export function findLibwebrtc(): Stack | MissingStack {
  const name = 'libwebrtc (@roamhq/wrtc)';
  const command = [process.execPath, '--no-env-file', join(PROGRAMS, 'libwebrtc.ts')];
  const obstacle = failureOfRunning([
    process.execPath,
    '--no-env-file',
    '-e',
    "await import('@roamhq/wrtc')",
  ]);
  // It is libwebrtc of 2022 (M106); that of today takes pictures too.
  return obstacle === undefined ? { name, command, takesUnnamed: 'sound' } : { name, obstacle };
}

/** On Bun it loses binary messages of tracks. */
async function findLibdatachannel(): Promise<Stack | MissingStack> {
  const name = 'libdatachannel (node-datachannel on Node)';
  const node = ['/usr/bin/node', 'node'].find((path) => failureOfRunning([path, '-e', LOADS]) === undefined);
  if (node === undefined) return { name, obstacle: 'it needs Node, and a binary for this platform' };
  await mkdir(BUNDLES, { recursive: true });
  const built = await Bun.build({
    entrypoints: [join(PROGRAMS, 'libdatachannel.ts')],
    target: 'node',
    external: ['node-datachannel'],
    outdir: BUNDLES,
    naming: '[name].mjs',
  });
  const [bundle] = built.outputs;
  return bundle
    ? { name, command: [node, bundle.path], takesUnnamed: 'nothing' }
    : { name, obstacle: 'it could not be bundled' };
}

const LOADS = "import('node-datachannel').catch(() => process.exit(1))";

function findAiortc(): Stack | MissingStack {
  return findPython({
    name: 'aiortc',
    program: 'aiortc_stack.py',
    modules: 'aiortc',
    packages: 'python3-aiortc',
  });
}

function findGstreamer(): Stack | MissingStack {
  return findPython({
    name: 'GStreamer webrtcbin',
    program: 'gstreamer_stack.py',
    modules: GSTREAMER_MODULES,
    packages:
      'python3-gi gir1.2-gst-plugins-bad-1.0 gstreamer1.0-nice gstreamer1.0-plugins-good gstreamer1.0-plugins-bad',
  });
}

const GSTREAMER_MODULES = `gi
gi.require_version('Gst', '1.0')
gi.require_version('GstWebRTC', '1.0')
from gi.repository import Gst, GstWebRTC
Gst.init(None)
for name in ('webrtcbin', 'nicesrc', 'vp8enc', 'vp8dec', 'opusenc', 'opusdec', 'rtpvp8pay', 'dtlsdec', 'srtpdec'):
  assert Gst.ElementFactory.find(name), name`;

interface PythonStack {
  readonly name: string;
  readonly program: string;
  readonly modules: string;
  readonly packages: string;
}

/** Debian's own has what Debian's packages bring, whatever else is called so. */
function findPython({ name, program, modules, packages }: PythonStack): Stack | MissingStack {
  const python = ['/usr/bin/python3', 'python3'].find(
    (path) => failureOfRunning([path, '-c', `import ${modules}`]) === undefined,
  );
  return python === undefined
    ? { name, obstacle: `it needs ${packages}` }
    : { name, command: [python, '-u', join(PROGRAMS, program)] };
}

function failureOfRunning(command: readonly string[]): string | undefined {
  const [program = ''] = command;
  if (Bun.which(program) === null) return `${program} is not there`;
  const { exitCode, stderr } = Bun.spawnSync([...command], { stderr: 'pipe', stdout: 'ignore' });
  return exitCode === 0 ? undefined : stderr.toString().trim().split('\n').at(-1);
}
