import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import type { LoadLine } from '../../../model/second.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { findRecovery } from '../../run/recovery.ts';

function seconds(...p99Ms: (number | undefined)[]): LoadLine[] {
  return p99Ms.map((ms, second) => {
    const histogram = createHistogram();
    if (ms !== undefined) recordUs(histogram, ms * 1000);
    const latencyUs = ms === undefined ? {} : { latencyUs: encodeHistogram(histogram) };
    return {
      kind: 'load',
      durationS: 1,
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
      ...latencyUs,
    } as LoadLine;
  });
}

const before = { name: 'before', latencyUs: { p99: 10_000 } } as StageRecord;
/** Three seconds of load, which began 0.8 s after its line; nothing was open at its end. */
const spikeEnding = (second: number) => ({
  record: {
    name: 'spike',
    startedAt: new Date(Date.UTC(2025, 11, 31, 23, 59, 59, 200)).toISOString(),
    finishedAt: new Date(Date.UTC(2026, 0, 1) + 1000 * second).toISOString(),
    durationS: 3,
  } as StageRecord,
  seconds: seconds(500, 500, 500),
});
const spike = spikeEnding(3.02);
const after = { name: 'after' } as StageRecord;

describe('findRecovery', () => {
  test('is the first of three calm seconds in a row', () => {
    expect(findRecovery(after, seconds(500, 90, 11, 80, 12, 9, 11, 10), before, spike)).toEqual({
      stage: 'after',
      reference: 'before',
      recovered: true,
      afterS: 4,
    });
    expect(findRecovery(after, seconds(9, 10, 11), before, spike)?.afterS).toBe(0);
  });

  test('counts from the end of the load before, over what that had left open', () => {
    const drained = spikeEnding(7.2);
    expect(findRecovery(after, seconds(9, 10, 11), before, drained)?.afterS).toBe(4);
    expect(findRecovery(after, seconds(90, 9, 10, 11), before, drained)?.afterS).toBe(5);
  });

  test('a second without an answer is not calm; two calm seconds at the end are too few', () => {
    expect(findRecovery(after, seconds(10, undefined, 10, 10), before, spike)).toMatchObject({ recovered: false });
    expect(findRecovery(after, seconds(500, 10, 10), before, spike)).not.toHaveProperty('afterS');
  });

  test('without a reference there is nothing to compare with', () => {
    expect(findRecovery(after, seconds(1), { name: 'before' } as StageRecord, spike)).toBeUndefined();
  });
});
