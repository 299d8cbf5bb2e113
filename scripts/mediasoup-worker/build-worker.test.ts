import { describe, expect, test } from 'bun:test';
import { explainLog, limitJobs } from './build-worker.ts';

const GIB = 1024 ** 3;

describe('building the worker', () => {
  test('leaves the number of jobs to ninja unless memory is short', () => {
    expect(limitJobs(2, 8 * GIB)).toEqual([]);
    expect(limitJobs(8, 2 * GIB)).toEqual(['--parallel', '3']);
    expect(limitJobs(2, 0.2 * GIB)).toEqual(['--parallel', '1']);
  });

  test('shows the first error of a failed build', () => {
    const log = [
      '[1/9] Building a',
      'FAILED: b.o',
      'c++ -std=c++20 -o b.o -c b.cpp',
      'b.cpp:7: error: expected ;',
      '  7 | int a',
      'ninja: stopped',
    ];
    expect(explainLog(log.join('\n')).slice(0, 2)).toEqual(['  b.cpp:7: error: expected ;', '    7 | int a']);
  });

  test.each([
    ['memory', 'c++: fatal error: Killed signal terminated program cc1plus', 'out of memory'],
    ['disk space', 'b.o: No space left on device', 'disk is full'],
    ['a library', 'CMake Error: None of the required libsrtp2 found', 'apt-get install'],
    ['a header', 'b.cpp:1:10: fatal error: uv.h: No such file or directory', 'apt-get install'],
    ['a newer compiler', "c++: error: unrecognized command-line option '-std=c++20'", 'compiler is too old'],
    ['something else', 'b.cpp:7: error: expected ;', 'MEDIASOUP_WORKER_BIN'],
  ])('says what to do for want of %s', (_, log, advice) => {
    expect(explainLog(log).at(-1)).toContain(advice);
  });
});
