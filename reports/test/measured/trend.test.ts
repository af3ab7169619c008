import { describe, expect, test } from '@jest/globals';
import type { RunRecord } from '../../../model/run-record.ts';
import { findTrends } from '../../measured/trend.ts';
import type { Seconds } from '../../series/seconds.ts';

const run = (durationS: number) =>
  ({ stages: [{ name: 'soak', role: 'measured', durationS }] }) as unknown as RunRecord;

/** A repeatable wobble of +-1. */
const wobble = (second: number): number => Math.sin(second * 12.9898) * Math.cos(second * 78.233);

function seconds(count: number, rss: (second: number) => number, p99: (second: number) => number): Seconds {
  const all = Array.from({ length: count }, (_, second) => second);
  return {
    load: all.map((second) => ({
      atS: second + 0.5,
      stage: 0,
      durationS: 1,
      sent: 1,
      throughputPerS: 1,
      errorsPerS: 0,
      open: 0,
      p99Us: p99(second),
    })),
    host: all.map((second) => ({ atS: second + 0.5, intervalS: 1, metrics: { 'app.mem.rss': rss(second) } })),
    credits: [],
    instanceCpu: [],
    stageStarts: [0],
    endS: count,
    setBackS: 0,
  };
}

describe('findTrends', () => {
  test('memory that grows by 36 MB an hour is found, with an interval around it; latency that only wobbles is not', () => {
    const [memory, latency] = findTrends(
      run(600),
      seconds(
        600,
        (second) => 1e8 + second * 1e4 + 1e4 * wobble(second),
        (second) => 5000 + 500 * wobble(second),
      ),
    );
    expect(memory).toMatchObject({ stage: 'soak', metric: 'app.mem.rss', unit: 'bytes', changes: 'grows' });
    expect(memory?.perHour.value).toBeCloseTo(3.6e7, -6);
    expect(memory?.perHour.low).toBeLessThan(3.6e7);
    expect(memory?.perHour.high).toBeGreaterThan(3.6e7);
    expect(latency).toMatchObject({ metric: 'latency.p99', changes: 'none' });
  });

  test('a short stage has no trend, and a stage without samples none either', () => {
    expect(
      findTrends(
        run(60),
        seconds(
          60,
          () => 1,
          () => 1,
        ),
      ),
    ).toEqual([]);
    expect(
      findTrends(run(600), {
        ...seconds(
          600,
          () => 1,
          () => 1,
        ),
        host: [],
        load: [],
      }),
    ).toEqual([]);
  });
});
