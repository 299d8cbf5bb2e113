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
      failures: [],
    });
  });

  test('name each failed test, with the first that it said', () => {
    const report = readReport(
      '<testsuites tests="2" failures="2" skipped="0"><testsuite file="a.test.ts">' +
        '<testcase name="is &lt;so&gt;" classname="a" file="a.test.ts" line="2">\n  <failure type="Error" message="x &amp; y&#10;z">…</failure></testcase>' +
        '<testcase name="good" file="a.test.ts" line="5" /><testcase name="slow" file="a.test.ts" line="7"><failure message="timed out" /></testcase>',
    );
    expect(report?.failures).toEqual(['a.test.ts:2 is <so>: x & y z', 'a.test.ts:7 slow: timed out']);
  });

  test.each(['', 'Segmentation fault', '<testsuites name="bun test" tests="many">'])(
    'are not made up from "%s"',
    (text) => {
      expect(readReport(text)).toBeUndefined();
    },
  );
});
