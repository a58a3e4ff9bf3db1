import { expect, test } from 'vitest';
import { countVitest, type VitestReport } from '../../../build/vitest-count.ts';

function file(status: string, ...tests: string[]): VitestReport['testResults'][number] {
  return { name: 'a.test.ts', status, message: 'SyntaxError', assertionResults: tests.map((each) => ({ status: each, fullName: `a ${each} test`, failureMessages: each === 'failed' ? ['AssertionError: no\n  at'] : [] })) };
}

test('adds up tests over files', () => {
  const report = { testResults: [file('passed', 'passed', 'skipped'), file('failed', 'failed', 'passed')] };
  expect(countVitest({ code: 1, report, files: 2 })).toEqual({ passed: 2, failed: 1, skipped: 1, remarks: ['a.test.ts: a failed test: AssertionError: no'] });
});

test('counts a file that could not be loaded as failed', () => {
  const report = { testResults: [file('failed')] };
  expect(countVitest({ code: 1, report, files: 1 })).toMatchObject({ failed: 1, remarks: ['a.test.ts: SyntaxError'] });
});

test('counts files that were not run as failed', () => {
  const report = { testResults: [file('passed', 'passed')] };
  expect(countVitest({ code: 0, report, files: 3 })).toMatchObject({ passed: 1, failed: 2 });
});

test('counts a run without a report as failed', () => {
  expect(countVitest({ code: 0, report: undefined, files: 1 }).failed).toBe(1);
});

test('counts an error outside the tests as failed', () => {
  const report = { testResults: [file('passed', 'passed')] };
  expect(countVitest({ code: 1, report, files: 1 })).toMatchObject({ passed: 1, failed: 1 });
});
