/** Encodes and decodes for a stack that has no codecs: ffmpeg, over RTP on the loopback. */
import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Look } from '../lines.ts';
import { FRAMERATE, HEIGHT, WIDTH } from './pictures.ts';

export interface Format {
  readonly payloadType: number;
  /** As in `a=rtpmap`. */
  readonly name: string;
}

interface Outlet extends Format {
  readonly ssrc: number;
  readonly send: (packet: Buffer) => void;
}

/** What a decoded picture is made as large as. */
export const DECODED_SIZE = 8;
export const DECODED_RATE = 48_000;

/** Sends its packets to `send`, from now on. */
export async function encode(kind: 'audio' | 'video', look: Look, outlet: Outlet): Promise<void> {
  const { socket, port } = await bind();
  socket.on('message', outlet.send);
  const output = ['-payload_type', `${outlet.payloadType}`, '-ssrc', `${outlet.ssrc}`, '-f', 'rtp'];
  run([
    ...(kind === 'audio' ? toneOf(look) : pictureOf(look)),
    ...output,
    `rtp://127.0.0.1:${port}?pkt_size=1100`,
  ]);
}

/** Gives what takes the packets; what was decoded comes to `take`. */
export async function decode(
  kind: 'audio' | 'video',
  format: Format,
  take: (bytes: Buffer) => void,
): Promise<(packet: Buffer) => void> {
  const { socket, port } = await bindPair();
  const child = run([
    ...['-protocol_whitelist', 'pipe,udp,rtp', '-fflags', 'nobuffer', '-analyzeduration', '500000'],
    ...['-f', 'sdp', '-i', 'pipe:0'],
    ...(kind === 'audio'
      ? ['-ac', '1', '-ar', `${DECODED_RATE}`, '-f', 's16le']
      : [
          '-vf',
          `scale=${DECODED_SIZE}:${DECODED_SIZE},format=rgb24`,
          '-vsync',
          'passthrough',
          '-f',
          'rawvideo',
        ]),
    '-flush_packets',
    '1',
    'pipe:1',
  ]);
  child.stdout.on('data', take);
  const { payloadType, name } = format;
  child.stdin.end(
    `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=${kind} ${port} RTP/AVP ${payloadType}\n` +
      `a=rtpmap:${payloadType} ${name}\n`,
  );
  return (packet) => socket.send(packet, port, '127.0.0.1');
}

function toneOf({ tone }: Look): string[] {
  return ['-re', '-f', 'lavfi', '-i', `sine=frequency=${tone}:sample_rate=48000,volume=2`, '-c:a', 'libopus'];
}

function pictureOf({ color }: Look): string[] {
  const hex = color.map((value) => value.toString(16).padStart(2, '0')).join('');
  const graph =
    `color=0x${hex}:s=${WIDTH}x${HEIGHT}:r=${FRAMERATE}[wall];color=white:s=40x40:r=${FRAMERATE}[box];` +
    '[wall][box]overlay=x=mod(n*8\\,280):y=140,format=yuv420p';
  const encoder = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '400k', '-g', '15'];
  return ['-re', '-f', 'lavfi', '-i', graph, ...encoder];
}

function run(args: readonly string[]) {
  // It ends with this process, however that ends.
  const command = ['--pdeathsig', 'KILL', 'ffmpeg', '-v', 'error', ...args];
  return spawn('setpriv', command, { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function bind(port = 0): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port };
}

/** A socket to send from, and a port that was free a moment ago, as was the next: ffmpeg takes both. */
async function bindPair(): Promise<{ socket: Socket; port: number }> {
  for (;;) {
    const first = await bind();
    const second = await bind(first.port + 1).catch(() => undefined);
    const isEven = first.port % 2 === 0;
    first.socket.close();
    second?.socket.close();
    if (!second || !isEven) continue;
    const { socket } = await bind();
    return { socket, port: first.port };
  }
}
