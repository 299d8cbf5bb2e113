import { expect, test } from 'bun:test';
import type { StoryTrack } from './story.ts';
import { nameTracks } from './track-names.ts';

const track = (userId: string, source = 'camera', kind: 'audio' | 'video' = 'video'): StoryTrack => ({
  trackId: userId,
  userId,
  kind,
  source,
  published: [],
  paused: [],
  segments: [],
});

test('names are safe on any file system, and no two are the same', () => {
  const tracks = [
    track('ann'),
    track('ann'),
    track('../../etc/passwd'),
    track('.._.._etc_passwd'),
    track('Ann', 'microphone', 'audio'),
    track('\u0000\n"é'.repeat(60)),
  ];
  const names = nameTracks(tracks, 'mp4');
  expect(names.slice(0, 5)).toEqual([
    'tracks/track-ann-camera-1.mp4',
    'tracks/track-ann-camera-2.mp4',
    'tracks/track-______etc_passwd-camera-1.mp4',
    'tracks/track-______etc_passwd-camera-2.mp4',
    'tracks/track-Ann-microphone-1.m4a',
  ]);
  for (const name of names) expect(name).toMatch(/^tracks\/[\w-]{1,90}\.(mp4|m4a)$/);
});
