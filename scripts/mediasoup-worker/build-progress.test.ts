import { describe, expect, test } from 'bun:test';
import { createBuildProgress } from './build-progress.ts';

describe('the progress of a build', () => {
  test('is a line every few seconds where there is no terminal', () => {
    const lines: string[] = [];
    let nowMs = 0;
    const progress = createBuildProgress({
      label: 'Building',
      report: (line) => lines.push(line),
      terminal: null,
      now: () => nowMs,
    });
    for (let step = 1; step <= 100; step++) {
      nowMs += 200;
      progress.stepDone(`[${step}/100] Building CXX object`);
    }
    progress.end();
    expect(lines).toEqual([
      'Building: 25 % after 5 s',
      'Building: 50 % after 10 s',
      'Building: 75 % after 15 s',
      'Building: 100 % after 20 s',
    ]);
  });

  test('is one line in place on a terminal, which is cleared at the end', () => {
    const written: string[] = [];
    const terminal = { isTTY: true, write: (text: string) => written.push(text) > 0 };
    const report = (line: string) => {
      throw new Error(`Nothing should be reported, but was: ${line}`);
    };
    const progress = createBuildProgress({ label: 'Building', report, terminal, now: () => 0 });
    progress.stepDone('[1/2] Building CXX object');
    progress.stepDone('warning: something');
    progress.end();
    expect(written).toEqual(['\r\u001b[2KBuilding: 50 % after 0 s', '\r\u001b[2K']);
  });
});
