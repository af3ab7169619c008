import { expect, test } from '@jest/globals';
import type { RunComparison } from '../../../reports/comparison/compare-runs.ts';
import { blocksExitCode, chooseExitCode, comparisonExitCode } from '../../cli/exit-code.ts';

const going = new AbortController().signal;

test.each([
  [[], 0],
  [[0, 0], 0],
  [[0, 4], 4],
  [[4, 3], 3],
])('the codes %j make %i', (codes, code) => {
  expect(chooseExitCode(going, codes)).toBe(code);
});

test('who stops between two runs gets the code of the signal, though the first run is whole', () => {
  expect(chooseExitCode(AbortSignal.abort({ exitCode: 130 }), [0])).toBe(130);
});

const compared = (verdict: string, exitCode = 0) => ({ decision: { verdict }, exitCode }) as unknown as RunComparison;

test.each([
  ['fail', 0, 0, 3],
  ['fail', 4, 4, 3],
  ['pass', 0, 0, 0],
  ['no-verdict', 4, 4, 4],
])(
  'a comparison that is %s, with code %i, ends with %i, and with --fail-on worse with %i',
  (verdict, own, usual, failing) => {
    expect(comparisonExitCode(compared(verdict, own), undefined)).toBe(usual);
    expect(comparisonExitCode(compared(verdict, own), 'worse')).toBe(failing);
  },
);

test.each([
  [['fail', 'fail'], 3],
  [['fail', 'pass'], 4],
  [['pass', 'no-verdict'], 0],
  [[], 0],
])('blocks that are %j end with %i with --fail-on worse, and with 0 without it', (verdicts, code) => {
  const blocks = verdicts.map((verdict) => ({ comparison: compared(verdict) }));
  expect(blocksExitCode(blocks, 'worse')).toBe(code);
  expect(blocksExitCode(blocks, undefined)).toBe(0);
});
