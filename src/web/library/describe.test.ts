import { describe, expect, test } from 'bun:test';
import type { Recording, RecordingFile } from '../../client/index.ts';
import { factsOf, formatSize, nameOf, playableFiles, thumbnailOf } from './describe.ts';

const file = (name: string, kind: string): RecordingFile => ({ name, kind, size: 1, type: 'video/mp4' });

const recording: Recording = {
  id: '01a1fd47-2503-775f-89fa-9e9145e2f13f',
  kind: 'call',
  roomId: 'standup',
  ownerId: 'alice',
  name: 'Stand-up',
  status: 'completed',
  phase: null,
  progress: 1,
  failureReason: null,
  durationSeconds: 912,
  size: 48_213_004,
  layout: 'grid',
  format: 'mp4',
  startedAt: new Date('2026-01-01T10:00:00Z'),
  completedAt: null,
  files: [],
};

test('a size has a unit that leaves it short', () => {
  expect([0, 999, 1_000, 9_940, 9_960, 48_213_004, 999_700_000, 1_234_000_000_000].map(formatSize)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '9.9 kB',
    '10 kB',
    '48 MB',
    '1.0 GB',
    '1.2 TB',
  ]);
});

describe('a recording', () => {
  test('has a name, whatever is known of it', () => {
    expect(nameOf(recording)).toBe('Stand-up');
    expect(nameOf({ ...recording, name: '' })).toBe('standup');
    expect(nameOf({ ...recording, name: '', roomId: null })).toBe('Recording');
  });

  test('says how long and how large it is when it is made', () => {
    expect(factsOf(recording).slice(1)).toEqual(['15:12', '48 MB']);
    expect(factsOf({ ...recording, status: 'processing' })).toHaveLength(1);
    const live = { ...recording, kind: 'live', status: 'recording' } as const;
    expect(factsOf(live).slice(1)).toEqual(['15:12', '48 MB']);
    expect(factsOf({ ...live, size: 0, durationSeconds: 0 })).toHaveLength(1);
  });

  test('plays what was composed, else its tracks; never a manifest', () => {
    const [composed, one, two] = [file('r.mp4', 'composed'), file('a.mp4', 'track'), file('b.mp4', 'track')];
    const manifest = file('manifest.json', 'manifest');
    expect(playableFiles({ ...recording, files: [one, manifest, composed] })).toEqual([composed]);
    expect(playableFiles({ ...recording, files: [one, manifest, two] })).toEqual([one, two]);
    expect(playableFiles(recording)).toEqual([]);
  });

  test('is shown by a picture of its middle', () => {
    const pictures = ['1.jpg', '2.jpg', '3.jpg'].map((name) => file(name, 'thumbnail'));
    expect(thumbnailOf({ ...recording, files: pictures })?.name).toBe('2.jpg');
    expect(thumbnailOf(recording)).toBeUndefined();
  });
});
