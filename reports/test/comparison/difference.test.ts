import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import { latencyCounts } from '../../../model/latency/latency-counts.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { UserError } from '../../../model/user-error.ts';
import { compareRuns, judgeMargin } from '../../comparison/difference.ts';
import { parseMargin } from '../../comparison/margin.ts';
import type { SecondSample, StageSample } from '../../series/second-sample.ts';

/** A stage of seconds whose latencies lie around `us`, a little different from second to second. */
function stage(
  name: string,
  us: number,
  options: { seconds?: number; seed?: number; errors?: number } = {},
): StageSample {
  const { seconds = 40, seed = 1, errors = 0 } = options;
  let state = seed;
  const wobble = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return {
    stage: name,
    seconds: Array.from({ length: seconds }, (): SecondSample => {
      const shift = 1 + 0.2 * wobble();
      const histogram = createHistogram();
      for (const [times, count] of [
        [1, 60],
        [2, 30],
        [5, 8],
        [10, 2],
      ] as const)
        for (let each = 0; each < count; each++) recordUs(histogram, Math.round(us * times * shift));
      return {
        durationS: 1,
        completed: 100 + Math.round(10 * wobble()),
        ended: 100,
        errors,
        dropped: 0,
        intended: 100,
        latency: latencyCounts(encodeHistogram(histogram)),
      };
    }),
  };
}

describe('two runs', () => {
  test('a run against itself does not differ, in any metric', () => {
    const run = [stage('one', 1000), stage('two', 3000, { seed: 9 })];
    for (const metric of ['latency.p50', 'latency.p99', 'latency.mean', 'throughput', 'errors.rate'] as const) {
      const found = compareRuns(run, run, metric);
      expect(found).toMatchObject({ verdict: 'no difference', difference: { value: 0 }, seconds: { baseline: 80 } });
    }
  });

  test('one of twice the latency does', () => {
    const found = compareRuns([stage('one', 1000)], [stage('one', 2000, { seed: 5 })], 'latency.p50');
    expect(found?.verdict).toBe('differs');
    expect(found?.difference.value).toBeGreaterThan(700);
    expect(found?.difference.low).toBeLessThan(found?.difference.value ?? 0);
  });

  test('are compared by the stages that both have', () => {
    const found = compareRuns(
      [stage('one', 1000), stage('two', 9000)],
      [stage('one', 1000, { seed: 3 })],
      'latency.mean',
    );
    expect(found?.seconds).toEqual({ baseline: 40, candidate: 40 });
    expect(compareRuns([stage('one', 1000)], [stage('two', 1000)], 'latency.p50')).toBeUndefined();
    expect(compareRuns([stage('one', 1000, { seconds: 5 })], [stage('one', 1000)], 'latency.p50')).toBeUndefined();
  });
});

describe('a margin', () => {
  test.each([
    ['latency.p99 +10ms', { metric: 'latency.p99', amount: 10_000 }],
    ['latency.p50 +5%', { metric: 'latency.p50', share: 0.05 }],
    ['throughput -50/s', { metric: 'throughput', amount: 50 }],
    ['throughput -5%', { metric: 'throughput', share: 0.05 }],
    ['errors.rate +0.5%', { metric: 'errors.rate', amount: 0.5 }],
  ])('%s is understood', (text, margin) => {
    expect(parseMargin(text)).toEqual({ expression: text, ...margin });
  });

  test.each([
    ['latency.p99', 'was not understood'],
    ['latency.p98 +1ms', 'Did you mean latency.p9'],
    ['latency.p99 -10ms', 'allows an improvement'],
    ['throughput +5%', 'allows an improvement'],
    ['latency.p99 +10/s', 'needs the unit us, ms, s or %'],
    ['latency.p99 +0ms', 'is 0. Use a value above 0'],
  ])('%s is refused', (text, message) => {
    expect(() => parseMargin(text)).toThrow(UserError);
    expect(() => parseMargin(text)).toThrow(message);
  });

  const found = compareRuns([stage('one', 1000)], [stage('one', 1100, { seed: 5 })], 'latency.p50');

  test('holds, is broken, or needs more minutes', () => {
    expect(judgeMargin(parseMargin('latency.p50 +1ms'), found).verdict).toBe('is-not');
    expect(judgeMargin(parseMargin('latency.p50 +1us'), found).verdict).toBe('is');
    const near = { amount: found?.difference.value ?? 0 };
    const open = judgeMargin({ expression: 'm', metric: 'latency.p50', amount: near.amount + 5 }, found);
    expect(open.verdict).toBe('needs-more');
    expect(open.needsMinutes).toBeGreaterThan(0);
    expect(judgeMargin({ expression: 'm', metric: 'latency.p50', ...near }, found)).not.toHaveProperty('needsMinutes');
  });

  test('on less throughput counts downwards', () => {
    const less = stage('one', 1000).seconds.map((second) => ({ ...second, completed: second.completed * 0.8 }));
    const slower = compareRuns([stage('one', 1000)], [{ stage: 'one', seconds: less }], 'throughput');
    expect(judgeMargin(parseMargin('throughput -10%'), slower).verdict).toBe('is');
    expect(judgeMargin(parseMargin('throughput -30%'), slower).verdict).toBe('is-not');
  });

  test('without figures is no data', () => {
    expect(judgeMargin(parseMargin('latency.p50 +1ms'), undefined).verdict).toBe('no-data');
  });
});
