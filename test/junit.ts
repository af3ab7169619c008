/** What is used of Jest's own record of a run (`--json`). */
export type JestRecord = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    /** Why the file did not run at all; else what its tests say. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly duration?: number | null;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
};

/** Several runs of Jest as one. */
export function mergeJestRecords(records: readonly JestRecord[]): JestRecord {
  const sum = (count: (record: JestRecord) => number) => records.reduce((total, record) => total + count(record), 0);
  return {
    numPassedTests: sum((record) => record.numPassedTests),
    numFailedTests: sum((record) => record.numFailedTests),
    numFailedTestSuites: sum((record) => record.numFailedTestSuites),
    numPendingTests: sum((record) => record.numPendingTests),
    numTodoTests: sum((record) => record.numTodoTests),
    testResults: records.flatMap((record) => record.testResults),
  };
}

/** The record as JUnit XML, for a build server; file names are given inside `root`. */
export function renderJestJunit({ testResults }: JestRecord, root: string): string {
  const suites = testResults.map(({ name, message, assertionResults }) => {
    const file = name.replace(root, '');
    const cases = assertionResults.map(({ status, fullName, duration, failureMessages = [] }) => {
      const attributes = `classname="${escapeXml(file)}" name="${escapeXml(fullName)}" time="${(duration ?? 0) / 1000}"`;
      if (status === 'failed')
        return `<testcase ${attributes}><failure>${escapeXml(failureMessages.join('\n'))}</failure></testcase>`;
      return status === 'passed'
        ? `<testcase ${attributes}/>`
        : `<testcase ${attributes}><skipped message="a program is missing: npm run test:setup"/></testcase>`;
    });
    if (cases.length === 0)
      cases.push(
        `<testcase classname="${escapeXml(file)}" name="runs"><error>${escapeXml(message)}</error></testcase>`,
      );
    return `<testsuite name="${escapeXml(file)}">\n${cases.join('\n')}\n</testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}

function escapeXml(text: string): string {
  return (
    text
      // Jest colours its messages; XML 1.0 has no control characters.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
      .replaceAll(/\u001b\[[\d;]*m|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
