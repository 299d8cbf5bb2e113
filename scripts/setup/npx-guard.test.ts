import { expect, test } from 'bun:test';
import { endTogether } from './npx-guard.ts';

test('what was started ends when the process that is watched is killed', async () => {
  const starter = Bun.spawn(['sleep', '60']);
  const server = Bun.spawn(['sleep', '60']);
  endTogether(starter.pid, server.pid);
  starter.kill('SIGKILL');
  await server.exited;
  expect(server.signalCode).toBe('SIGHUP');
});
