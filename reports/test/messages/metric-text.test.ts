import { expect, test } from '@jest/globals';
import { describeDifference } from '../../messages/metric-text.ts';

const throughput = { metric: 'throughput', baseline: 10_800, candidate: 12_200 } as const;

test('a difference is told with its interval', () => {
  const difference = { value: 1400, low: -2000, high: 4800 };
  expect(describeDifference({ ...throughput, difference })).toMatch(/\+1,400\/s \(95 %: −2,000\/s to \+4,800\/s\)$/);
});

test('of an interval from a halt to a doubling nothing is told but that', () => {
  const difference = { value: 1400, low: -149_000, high: 151_000 };
  expect(describeDifference({ ...throughput, difference })).toMatch(
    /10,800\/s to 12,200\/s, too few seconds to compare$/,
  );
});
