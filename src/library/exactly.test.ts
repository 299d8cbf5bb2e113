/** Bytes of a storage that gives too few or too many. */
import { expect, test } from 'bun:test';
import { failureOf } from '../../test/support/failure.ts';
import { exactly } from './exactly.ts';

const bytes = (count: number) => new Blob([new Uint8Array(count)]).stream();
const read = (stream: ReadableStream<Uint8Array>) => new Response(stream).bytes();

test('as many as were asked for go through', async () => {
  expect(await read(exactly(100_000, bytes(100_000)))).toHaveLength(100_000);
  expect(await read(exactly(0, bytes(0)))).toHaveLength(0);
});

test('fewer, and more, are an error', async () => {
  for (const given of [0, 99_999, 100_001]) {
    expect(await failureOf(read(exactly(100_000, bytes(given))))).toBeInstanceOf(Error);
  }
});

test('who leaves ends the source', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: resolve,
  });
  const reader = exactly(1_000, source).getReader();
  await reader.read();
  await reader.cancel('gone');
  expect(await promise).toBe('gone');
});
