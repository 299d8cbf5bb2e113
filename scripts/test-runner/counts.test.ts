import { describe, expect, test } from 'bun:test';
import { addCounts, formatCounts, readReport } from './counts.ts';

describe('counts', () => {
  test('are added and printed in one line, with skipped tests only when there are some', () => {
    const sum = addCounts({ passed: 3, failed: 1, skipped: 0 }, { passed: 4, failed: 0, skipped: 0 });
    expect(formatCounts(sum)).toBe('7 passed, 1 failed');
    expect(formatCounts({ ...sum, skipped: 2 })).toBe('7 passed, 1 failed, 2 skipped');
  });

  test('are read from the report, with the files that are in it', () => {
    const report = readReport(
      '<?xml version="1.0"?><testsuites name="bun test" tests="9" assertions="4" failures="2" skipped="1" time="1">' +
        '<testsuite name="a" file="src/a.test.ts" tests="9"><testsuite name="inner" file="src/a.test.ts"/></testsuite>',
    );
    expect(report).toEqual({
      counts: { passed: 6, failed: 2, skipped: 1 },
      files: new Set(['src/a.test.ts']),
    });
  });

  test.each(['', 'Segmentation fault', '<testsuites name="bun test" tests="many">'])(
    'are not made up from "%s"',
    (text) => {
      expect(readReport(text)).toBeUndefined();
    },
  );
});
