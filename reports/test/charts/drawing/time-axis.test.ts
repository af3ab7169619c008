import { expect, test } from '@jest/globals';
import { timeAxis } from '../../../charts/drawing/time-axis.ts';

const phone = 258;
const ticksOf = (beginS: number, endS: number, width: number): readonly number[] => {
  const { ticks } = timeAxis(beginS, endS);
  return typeof ticks === 'function' ? ticks(width) : ticks;
};

test.each([
  [1, 13],
  [8, 20],
  [0, 41],
  [2, 187],
  [2, 300],
  [10.5, 41],
  [5, 7300],
  [0, 700],
  [0, 5000],
  [5, 40_000],
])(
  'on a phone a run from %d s to %d s has at least three times on its axis, far enough apart to be read',
  (begin, end) => {
    const ticks = ticksOf(begin, end, phone);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    const [first = 0, second = 0] = ticks;
    const apart = ((second - first) / (end - begin)) * phone;
    expect(apart).toBeGreaterThanOrEqual(timeAxis(begin, end).apart ?? 0);
  },
);

test('on a desktop a run of three minutes has a time every quarter of a minute', () => {
  expect(ticksOf(2, 187, 1034)).toEqual([15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180]);
});
