/** The bytes of a storage elsewhere, for a reader that must not wait for ever: a source that falls silent or breaks off is told of. */
import { destinationError } from './destination.ts';

export interface ReadSteadilyOptions {
  /** How long the source may give nothing while somebody waits. */
  readonly timeoutMs: number;
  readonly place: string;
  readonly explain: (error: unknown) => unknown;
}

/** Asks the source only when it is asked; whoever leaves ends it. */
export function readSteadily(
  source: ReadableStream<Uint8Array>,
  { timeoutMs, place, explain }: ReadSteadilyOptions,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const silence = Promise.withResolvers<never>();
        const timer = setTimeout(() => silence.reject(destinationError('timeout', { place })), timeoutMs);
        try {
          const { done, value } = await Promise.race([reader.read(), silence.promise]);
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          await reader.cancel(error).catch(() => {});
          throw explain(error);
        } finally {
          clearTimeout(timer);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
