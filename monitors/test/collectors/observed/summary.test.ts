import { expect, test } from '@jest/globals';
import { createSummary } from '../../../collectors/observed/summary.ts';

test('the mean is weighted by time', () => {
  const summary = createSummary();
  summary.add(10, 1);
  summary.add(40, 5);
  expect(summary.result()).toEqual({ min: 10, max: 40, avg: 35, samples: 2 });
});

test('there is no summary of nothing', () => {
  expect(() => createSummary().result()).toThrow('no samples');
});
