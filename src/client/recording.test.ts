import { describe, expect, test } from 'bun:test';
import { parseRecording, parseRecordingPage } from './recording.ts';

const wire = {
  id: '01a1fd47-2503-775f-89fa-9e9145e2f13f',
  kind: 'call',
  room_id: 'standup',
  owner_id: 'alice',
  name: 'Stand-up',
  duration: 912,
  file_size: 48_213_004,
  status: 'completed',
  phase: null,
  progress: 1,
  failure_reason: null,
  layout: 'grid',
  format: 'mp4',
  started_at: '2026-01-01T10:00:00.000Z',
  completed_at: '2026-01-01T10:17:03.000Z',
  files: [{ name: 'recording.mp4', kind: 'composed', size: 48_211_000, type: 'video/mp4' }],
};

describe('a recording from the wire', () => {
  test('is what the server says', () => {
    expect(parseRecording(wire)).toEqual({
      id: wire.id,
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
      completedAt: new Date('2026-01-01T10:17:03Z'),
      files: wire.files,
    });
  });

  test('is none without an id, a status that is known, and a start', () => {
    for (const lie of [
      null,
      'text',
      { ...wire, id: 7 },
      { ...wire, status: 'lost' },
      { ...wire, started_at: 'soon' },
    ]) {
      expect(parseRecording(lie)).toBeUndefined();
    }
  });

  test('has sound values where a server lies', () => {
    const parsed = parseRecording({ ...wire, progress: 17, duration: -1, file_size: 'much', files: [{}, 3] });
    expect(parsed).toMatchObject({ progress: 1, durationSeconds: 0, size: 0, files: [] });
  });
});

test('a page of recordings leaves out what is none', () => {
  const pagination = { page: 2, limit: 1, total: 3, pages: 3 };
  expect(parseRecordingPage({ recordings: [wire, {}], pagination })).toMatchObject({
    recordings: [{ id: wire.id }],
    page: 2,
    pages: 3,
    total: 3,
  });
  expect(parseRecordingPage({ recordings: [] })).toBeUndefined();
});
