/** Bytes that are counted: a storage that gives others than it was asked for must not look like a whole file. */

/** Errors, which breaks the connection off, when fewer come, and in the place of the first one that is too many. */
export function exactly(expected: number, source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  let left = expected;
  const wrong = () => new Error(`the storage gave other bytes than the ${expected} that were asked for`);
  return source.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>(
      {
        transform(chunk, controller) {
          left -= chunk.length;
          if (left < 0) throw wrong();
          controller.enqueue(chunk);
        },
        flush() {
          if (left > 0) throw wrong();
        },
      },
      { highWaterMark: 1 },
      { highWaterMark: 0 },
    ),
  );
}
