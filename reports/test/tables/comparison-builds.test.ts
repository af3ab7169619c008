import { expect, test } from '@jest/globals';
import { buildRows } from '../../tables/comparison-builds.ts';

const p99Us = { from: 5000, to: 5100 };
const medium = { instanceType: 't2.medium', line: 'make', durationS: 6, p99Us };
const micro = { instanceType: 't2.micro', line: 'make', durationS: 13, p99Us: { from: 5000, to: 90_000 } };
const textsOf = (...builds: Parameters<typeof buildRows>[0] & object) =>
  buildRows(builds).map((row) => row.map(({ text, detail }) => [text, detail].filter(Boolean).join(' | ')));

test('a build on both types has its time and the latency beside it, and no difference: each ran once', () => {
  expect(textsOf(medium, micro)).toEqual([
    ['Build time', '6 s', '13 s', ''],
    ['p99 before and beside a build', '5.00 ms, 5.10 ms', '5.00 ms, 90.0 ms', ''],
  ]);
});

test('a build that did not end says so in place of a time', () => {
  const { p99Us: _, ...failed } = { ...micro, ended: 'failed' as const };
  expect(textsOf(medium, failed)).toEqual([
    ['Build time', '6 s', 'failed', ''],
    ['p99 before and beside a build', '5.00 ms, 5.10 ms', 'no data', ''],
  ]);
  const times = (['stopped', 'out-of-memory'] as const).map((ended) => textsOf(medium, { ...micro, ended })[0]?.[2]);
  expect(times).toEqual(['over 13 s', 'too little memory']);
});

test('without a build on both types there is no row', () => {
  expect(buildRows(undefined)).toEqual([]);
});
