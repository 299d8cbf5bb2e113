/** The other end of `Child`: answers the calls of the process that started this one. */
import type { AnswerMessage, CallMessage, Methods } from './child.ts';

export function serve(methods: Methods): void {
  process.on('message', ({ id, method, argument }: CallMessage) => {
    const answer = (message: AnswerMessage) => process.send?.(message);
    const run = methods[method];
    if (!run) return answer({ id, error: `there is no method ${method}` });
    run(argument).then(
      (result) => answer({ id, result: result ?? null }),
      (error: unknown) => answer({ id, error: String(error instanceof Error ? error.stack : error) }),
    );
  });
  // Whoever started us is gone: nobody else would end us.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
