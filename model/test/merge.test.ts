import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../latency/histogram.ts';
import { mergeRuns } from '../merge-runs.ts';
import type { RunRecord } from '../run-record.ts';
import type { LoadLine, StageEndLine, StageLine } from '../second.ts';
import { mergeStages } from '../stage/merge-stages.ts';
import { stageFromLines } from '../stage/stage-result.ts';
import { recordUs } from './latency/record-us.ts';
import { isoAt, makeRun, makeSecond } from './make-run.ts';

const begin: StageLine = {
  kind: 'stage',
  stage: 0,
  name: 'load',
  stageKind: 'open',
  role: 'measured',
  arrivalRatePerS: { from: 10, to: 10 },
  arrivals: 'constant',
  maxConnections: 100,
  startedAt: '2026-01-01T00:00:00.000Z',
};

function encoded(values: readonly number[]): string {
  const histogram = createHistogram();
  for (const value of values) recordUs(histogram, value);
  return encodeHistogram(histogram);
}

const second = (generator: number, latencies: readonly number[]): LoadLine =>
  makeSecond(latencies.length, {
    generator,
    intended: latencies.length + 1,
    dropped: 1,
    statusCounts: { 302: latencies.length },
    routes: { redirect: { ok: latencies.length, failed: 0 } },
    latencyUs: encoded(latencies),
    lagUs: encoded([5]),
    inFlightS: 0.5,
  });

const end = (generator: number, latencies: readonly number[]): StageEndLine => ({
  kind: 'stage-end',
  stage: 0,
  generator,
  finishedAt: '2026-01-01T00:00:01.000Z',
  routeLatencyUs: { redirect: encoded(latencies) },
  rawLatencyUs: encoded(latencies),
  errors: { ECONNRESET: 1 },
});

const [some, others] = [
  [100, 2000, 300],
  [50, 900_000],
];
const whole = stageFromLines(
  begin,
  [second(0, some as number[]), second(1, others as number[])],
  [end(0, some as number[]), end(1, others as number[])],
);
const parts = [some, others].map((latencies, generator) =>
  stageFromLines(begin, [second(generator, latencies as number[])], [end(generator, latencies as number[])]),
);

describe('mergeStages', () => {
  test('gives the record that one harness would have made', () => {
    expect(mergeStages(parts)).toEqual(whole);
  });

  test('of one part is that part', () => {
    expect(mergeStages([whole])).toEqual(whole);
  });
});

function shard(index: number, changes: Partial<RunRecord> = {}): RunRecord {
  return makeRun({
    id: `shard-${index}`,
    target: { ...makeRun().target, startedByHarness: false },
    generator: { ...makeRun().generator, hostname: `h${index}`, processes: 2 },
    stages: [parts[index - 1] ?? whole],
    shard: { index, of: 2, startAt: isoAt(0), clock: { offsetMs: 0, uncertaintyMs: 20 } },
    ...changes,
  });
}

describe('mergeRuns', () => {
  test('two complete shards are one valid run of the whole load', () => {
    const run = mergeRuns([shard(1), shard(2)], 'merged');
    expect(run).toMatchObject({
      id: 'merged',
      status: 'complete',
      validity: { verdict: 'valid', reasons: [] },
      generator: { processes: 4 },
    });
    expect(run).not.toHaveProperty('shard');
    expect(run.stages).toEqual([whole]);
  });

  test('a missing shard is named, and makes the sum invalid', () => {
    expect(mergeRuns([shard(2)], 'm').validity).toMatchObject({
      verdict: 'invalid',
      reasons: [{ code: 'shard-missing', shard: '1/2' }],
    });
  });

  test('a partial shard, and clocks that differ, are said', () => {
    expect(mergeRuns([shard(1), shard(2, { status: 'interrupted' })], 'm')).toMatchObject({
      status: 'aborted',
      validity: {
        verdict: 'inconclusive',
        reasons: [{ code: 'shard-not-complete', shard: '2/2', status: 'interrupted' }],
      },
    });
    const late = shard(2, {
      shard: { index: 2, of: 2, startAt: '2026-01-01T00:00:00.000Z', clock: { offsetMs: 3000, uncertaintyMs: 20 } },
    });
    expect(mergeRuns([shard(1), late], 'm').validity.reasons).toEqual([
      expect.objectContaining({ code: 'shard-clocks-differ', skewMs: 3000 }),
    ]);
  });

  test('what a first shard that was cut off does not have comes from the others', () => {
    const cut = shard(1, { status: 'aborted' });
    const run = mergeRuns([cut, shard(2, { stages: [whole, whole] })], 'm');
    expect(run.stages).toHaveLength(2);
    expect(run.stages[1]).toEqual(whole);
  });

  test('the use of generators is that of all, the recovery that of the slowest', () => {
    const used = (index: number, mean: number, max: number, afterS: number) =>
      shard(index, {
        generator: { ...shard(index).generator, processes: index, eventLoopUtilization: { mean, max } },
        recovery: { stage: 'after', reference: 'before', recovered: true, afterS },
      });
    const run = mergeRuns([used(1, 0.25, 0.9, 1), used(2, 0.625, 0.7, 4)], 'm');
    expect(run.generator).toMatchObject({ processes: 3, eventLoopUtilization: { mean: 0.5, max: 0.9 } });
    expect(run.generator).not.toHaveProperty('cpuPercent');
    expect(run.recovery).toMatchObject({ recovered: true, afterS: 4 });
    const never = shard(2, { recovery: { stage: 'after', reference: 'before', recovered: false } });
    expect(mergeRuns([used(1, 0.25, 0.9, 1), never], 'm').recovery?.recovered).toBe(false);
  });

  test('a shard whose clock was not measured leaves open whether the load came together', () => {
    const blind = shard(2, { shard: { index: 2, of: 2, startAt: '2026-01-01T00:00:00.000Z' } });
    expect(mergeRuns([shard(1), blind], 'm').validity).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'shard-clock-unknown', shards: ['2/2'] }],
    });
  });

  test.each<[string, RunRecord[], RegExp]>([
    ['no shard', [shard(1), { ...shard(2), shard: undefined } as unknown as RunRecord], /is not a shard/],
    ['twice the same', [shard(1), shard(1, { id: 'again' })], /are the same shard, 1\/2/],
    [
      'another start',
      [shard(1), shard(2, { shard: { index: 2, of: 2, startAt: '2026-01-01T01:00:00.000Z' } })],
      /of another run/,
    ],
    ['another profile', [shard(1), shard(2, { profile: { ...shard(2).profile, timeoutS: 9 } })], /another profile/],
    ['another seed', [shard(1, { seed: 1 }), shard(2, { seed: 2 })], /another --seed/],
    [
      'another target',
      [shard(1), shard(2, { target: { ...shard(2).target, url: 'http://127.0.0.2:8000' } })],
      /shard-2 loaded http:\/\/127.0.0.2:8000/,
    ],
    ['nothing', [], /give the folders/],
  ])('%s is refused', (_, runs, sentence) => {
    expect(() => mergeRuns(runs, 'm')).toThrow(sentence);
  });
});
