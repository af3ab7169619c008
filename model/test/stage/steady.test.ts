import { describe, expect, test } from '@jest/globals';
import { fixedCut, steadyState } from '../../stage/steady.ts';

/** A repeatable wobble of +-1 around 0. */
const wobble = (second: number): number => Math.sin(second * 12.9898) * Math.cos(second * 78.233);

describe('steadyState', () => {
  test('cuts a warm-up that falls to its level within 20 s', () => {
    const series = Array.from({ length: 120 }, (_, second) => 100 + 400 * Math.exp(-second / 5) + wobble(second));
    const { cutS, method, steady } = steadyState(series);
    expect(cutS).toBeGreaterThanOrEqual(15);
    expect(cutS).toBeLessThanOrEqual(45);
    expect({ method, steady }).toEqual({ method: 'mser-5', steady: true });
  });

  test('cuts little or nothing from a level series', () => {
    const { cutS, steady } = steadyState(Array.from({ length: 100 }, (_, second) => 100 + wobble(second)));
    expect(cutS).toBeLessThanOrEqual(20);
    expect(steady).toBe(true);
  });

  test('a series that jumps late has not settled', () => {
    const { steady, reason, cutS } = steadyState(
      Array.from({ length: 100 }, (_, second) => (second < 70 ? 100 : 300) + wobble(second)),
    );
    expect({ steady, cutS }).toEqual({ steady: false, cutS: 0 });
    expect(reason.code).toBe('not-settled');
  });

  test('says that a short stage cannot be judged, and cuts nothing', () => {
    expect(steadyState([1, 2, 3])).toMatchObject({ cutS: 0, method: 'none', steady: true });
    expect(steadyState([])).toMatchObject({ cutS: 0, method: 'none' });
  });

  test('a constant series is steady from its first second', () => {
    expect(steadyState(Array(60).fill(7))).toMatchObject({ cutS: 0, method: 'mser-5', steady: true });
  });

  test('a second without a value takes its place in time and is no value', () => {
    const gaps = (second: number) => second % 7 === 3 || (second >= 60 && second < 70);
    const settling = Array.from({ length: 120 }, (_, second) => (gaps(second) ? undefined : second < 20 ? 500 : 100));
    expect(steadyState(settling)).toMatchObject({ cutS: 20, method: 'mser-5', steady: true });
    expect(steadyState(Array(60).fill(undefined))).toMatchObject({
      cutS: 0,
      method: 'none',
      reason: expect.objectContaining({ code: 'too-few-answered-seconds', answeredS: 0, durationS: 60 }),
    });
  });

  test('a cut that was asked for is taken as it is', () => {
    expect(fixedCut(3)).toMatchObject({ cutS: 3, method: 'fixed' });
  });
});
