/** Server-sent events (WHATWG HTML, section 9.2): an answer that goes on, for pages and `curl -N` that watch something. */

/** Says something to the watcher: the name of the event, and what JSON can carry. */
export type Say = (event: string, data: unknown) => void;

export interface EventStreamOptions {
  readonly request: Request;
  /** The server behind the route; it would end an answer that is silent for a while. */
  readonly server: { timeout(request: Request, seconds: number): void } | null;
  /** Begins to say things, until there is nothing more to say (`end`). What it returns is called once, when the watcher is gone. */
  readonly start: (say: Say, end: () => void) => () => void;
}

/** Chunks that may wait for a watcher who does not read; then the answer ends, and the watcher may ask again. */
const MAX_WAITING = 64;
/** Something has to come now and then, or proxies take the connection for dead. */
const KEEP_ALIVE_MS = 15_000;

export function eventStream({ request, server, start }: EventStreamOptions): Response {
  server?.timeout(request, 0);
  let stop = () => {};
  const body = new ReadableStream<string>(
    {
      start(controller) {
        let isOpen = true;
        const write = (text: string) => {
          if (!isOpen) return;
          controller.enqueue(text);
          if ((controller.desiredSize ?? 0) <= 0) end();
        };
        const end = () => {
          if (!isOpen) return;
          stop();
          controller.close();
        };
        const keepAlive = setInterval(() => write(':\n\n'), KEEP_ALIVE_MS);
        // Before anything is said: a watcher may be gone after the first word.
        let stopSaying: (() => void) | undefined;
        stop = () => {
          if (!isOpen) return;
          isOpen = false;
          clearInterval(keepAlive);
          stopSaying?.();
        };
        stopSaying = start((event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`), end);
        if (!isOpen) stopSaying();
      },
      cancel: () => stop(),
    },
    { highWaterMark: MAX_WAITING },
  );
  return new Response(body.pipeThrough(new TextEncoderStream()), {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // Nginx collects answers otherwise.
      'x-accel-buffering': 'no',
    },
  });
}
