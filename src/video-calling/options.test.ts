import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../config/index.ts';
import { readOptions, type VideoCallingServiceOptions } from './options.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kaa-options-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

function read(options: VideoCallingServiceOptions) {
  return readOptions({ env: {}, ...options, settings: { DATA_DIR: dataDir, ...options.settings } });
}

function problemNames(options: object): string[] {
  try {
    read(options);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ name }) => name).sort();
    throw error;
  }
  return [];
}

const encodingOptions = {
  audio: { bitrate: 64_000, codec: 'opus' },
  video: {
    bitrate: { min: 300_000, max: 900_000 },
    codec: 'vp8',
    framerate: 24,
    resolution: { width: 640, height: 360 },
  },
};

test('ICE servers are told to clients, with the one user of the TURN servers', () => {
  const iceServers = [
    { urls: 'stun:stun.example:19302' },
    { urls: ['turn:turn.example:3478', 'turns:turn.example:443'], username: 'kim', credential: 'pass' },
  ];
  expect(read({ webrtc: { iceServers } }).config.webrtc.iceServers).toEqual([
    { urls: ['stun:stun.example:19302'] },
    { urls: ['turn:turn.example:3478', 'turns:turn.example:443'], username: 'kim', credential: 'pass' },
  ]);
});

test('without ICE servers those of the environment are told', () => {
  const env = { WEBRTC_ICE_SERVERS: 'stun:of.the.environment' };
  const urlsOf = (options: VideoCallingServiceOptions) =>
    read({ env, ...options }).config.webrtc.iceServers.flatMap(({ urls }) => urls);
  expect(urlsOf({})).toEqual(['stun:of.the.environment']);
  expect(urlsOf({ webrtc: { iceServers: [{ urls: 'stun:given' }] } })).toEqual(['stun:given']);
});

test('encodings are taken as they are', () => {
  expect(read({ webrtc: { encodingOptions } }).encodings).toEqual(encodingOptions);
});

test('every problem is told at once', () => {
  const names = problemNames({
    recording: { outputDir: './recordings' },
    webrtc: {
      iceServer: [],
      iceServers: [
        { urls: 'http://stun.example' },
        { urls: 'turn:a.example', username: 'kim', credential: 'a' },
        { urls: 'turn:b.example', username: 'kim', credential: 'b' },
      ],
      encodingOptions: { ...encodingOptions, audio: { codec: 'opus', bitrate: 'high' } },
    },
    settings: { WEBRTC_WORKERS: 'many' },
  });
  expect(names).toEqual([
    'WEBRTC_ICE_SERVERS',
    'WEBRTC_WORKERS',
    'recording',
    'webrtc.encodingOptions.audio.bitrate',
    'webrtc.iceServer',
    'webrtc.iceServers',
  ]);
});
