import { expect, test } from 'bun:test';
import { expressionOf, mapTime, toPieces } from './time-map.ts';

/** What ffmpeg makes of it. */
async function evaluate(expression: string, seconds: number): Promise<number> {
  const filter = `anullsrc=r=1000,asetnsamples=1000,atrim=end_sample=1000,asetpts=${seconds}/TB,asetpts='(${expression})/TB',ashowinfo`;
  const child = Bun.spawn(
    ['ffmpeg', '-hide_banner', '-nostdin', '-f', 'lavfi', '-i', filter, '-f', 'null', '-'],
    {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    },
  );
  const text = await new Response(child.stderr).text();
  return Number(/pts_time:(\S+)/.exec(text)?.[1]);
}

test('a straight clock is one piece, whatever its rate', () => {
  const pieces = toPieces((seconds) => 7 + seconds * 1.0005, { from: 0, to: 14_400 });
  expect(pieces).toHaveLength(1);
  expect(mapTime(pieces, 14_400)).toBeCloseTo(7 + 14_400 * 1.0005, 4);
});

test('a clock that changes its rate is followed to a millisecond, and ffmpeg follows the same way', async () => {
  const clock = (seconds: number) => 3 + seconds + 0.05 * Math.sin(seconds / 100);
  const pieces = toPieces(clock, { from: 0, to: 600 });
  expect(pieces.length).toBeGreaterThan(4);
  for (let seconds = 0; seconds <= 600; seconds += 7) {
    expect(Math.abs(mapTime(pieces, seconds) - clock(seconds))).toBeLessThan(0.002);
  }
  for (const seconds of [0, 13, 299, 600]) {
    expect(Math.abs((await evaluate(expressionOf(pieces), seconds)) - clock(seconds))).toBeLessThan(0.003);
  }
});

test('a clock that jumps about for hours still fits into a command line', () => {
  let state = 7;
  const jumps = Array.from({ length: 2_000 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  });
  const pieces = toPieces((seconds) => seconds + (jumps[Math.floor(seconds / 10) % 2_000] ?? 0), {
    from: 0,
    to: 14_400,
  });
  expect(expressionOf(pieces).length).toBeLessThan(64 * 1_024);
});

test('a clock that stands still or runs backwards is not believed', () => {
  for (const clock of [() => 5, (seconds: number) => 5 - seconds, () => Number.NaN]) {
    const pieces = toPieces(clock, { from: 0, to: 60 });
    expect(mapTime(pieces, 60) - mapTime(pieces, 0)).toBeCloseTo(60, 6);
  }
});
