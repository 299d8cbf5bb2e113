import { expect, test } from 'bun:test';
import { isStreamPath, pathOfStream, streamOfPath } from './stream-path.ts';

const ID = '01a1fd47-2503-775f-89fa-9e9145e2f13f';

test('an address sends a stream, or names the one to watch', () => {
  expect([isStreamPath('/stream'), isStreamPath('/stream/'), isStreamPath(`/stream/${ID}`)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(streamOfPath(pathOfStream(ID))).toBe(ID);
  for (const path of ['/stream', '/stream/', '/stream/x', `/stream/${ID}/x`, `/watch/${ID}`]) {
    expect(streamOfPath(path)).toBeUndefined();
  }
});
