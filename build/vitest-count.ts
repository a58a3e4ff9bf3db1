/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages?: readonly string[] | null }[];
  }[];
}

export interface TestCount {
  passed: number;
  failed: number;
  skipped: number;
  /** Each failure in a line. */
  readonly remarks: string[];
}

interface VitestRun {
  readonly code: number;
  /** Absent when the run left none. */
  readonly report: VitestReport | undefined;
  /** How many test files there are. */
  readonly files: number;
}

/**
 * Adds up a run so that no failure is lost: not that of a file that could not be loaded, of an error outside any test, or of a
 * run that broke off.
 */
export function countVitest({ code, report, files }: VitestRun): TestCount {
  const count: TestCount = { passed: 0, failed: 0, skipped: 0, remarks: [] };
  const fail = (failures: number, remark: string): void => {
    count.failed += failures;
    count.remarks.push(remark);
  };
  if (report === undefined) {
    fail(1, `vitest ended with ${code} and left no report`);
    return count;
  }
  for (const { name, status, message, assertionResults } of report.testResults) {
    const failedBefore = count.failed;
    for (const test of assertionResults) {
      if (test.status === 'passed') count.passed += 1;
      else if (test.status === 'failed') fail(1, `${name}: ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
      else count.skipped += 1;
    }
    if (status === 'failed' && count.failed === failedBefore) fail(1, `${name}: ${message || 'failed outside its tests'}`);
  }
  const unrun = files - report.testResults.length;
  if (unrun > 0) fail(unrun, `${unrun} of ${files} test files were not run`);
  if (code !== 0 && count.failed === 0) fail(1, `vitest ended with ${code} though no test failed: an error outside the tests`);
  return count;
}

function firstLine(text = 'no message'): string {
  return text.split('\n', 1).join();
}
