/** The process that runs the commands of its input, stage by stage. */
import type { Command } from './commands.ts';

const commands: readonly Command[] = JSON.parse(process.argv[2] ?? '[]');
for (let stage = 0; commands.some((command) => command.stage >= stage); stage += 1) {
  const current = commands.filter((command) => command.stage === stage);
  const codes = await Promise.all(
    current.map(
      ({ args }) => Bun.spawn(['ffmpeg', '-v', 'error', '-y', ...args], { stdin: 'ignore' }).exited,
    ),
  );
  if (codes.some((code) => code !== 0)) throw new Error(`ffmpeg failed in stage ${stage}`);
}
