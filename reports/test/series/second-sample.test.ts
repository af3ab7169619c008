import { describe, expect, test } from '@jest/globals';
import { highestValue } from '../../../model/latency/encoded-histogram.ts';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import type { Line, LoadLine } from '../../../model/second.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { sampleSeconds } from '../sample-seconds.ts';
import { knownRun } from '../size-fixture.ts';

const { run } = knownRun({ demandMs: 1, rates: [100, 200] });

function line(stage: number, generator: number, second: number, changes: Partial<LoadLine> = {}): LoadLine {
  const histogram = createHistogram();
  recordUs(histogram, 500);
  recordUs(histogram, 90_000);
  const startedAt = Date.parse(run.stages[stage]?.startedAt ?? '');
  return {
    kind: 'load',
    stage,
    generator,
    at: new Date(startedAt + second * 1000).toISOString(),
    durationS: 1,
    sent: 2,
    outcomes: { ok: 2, unexpectedStatus: 1, timeout: 1, connectionError: 0 },
    statusCounts: {},
    routes: {},
    latencyUs: encodeHistogram(histogram),
    open: 0,
    eventLoopUtilization: 0.1,
    cpuS: 0.1,
    ...changes,
  };
}

async function* of(lines: readonly Line[]) {
  yield* lines;
}

describe('the seconds of a run', () => {
  test('are added up over generators, and those without load are left out', async () => {
    const lines = [line(1, 0, 0), line(1, 1, 0), line(1, 0, 1), line(1, 0, 2, { durationS: 0.1 }), line(0, 0, 0)];
    const [stage, ...others] = await sampleSeconds(run, of(lines));
    expect(others).toEqual([]);
    expect(stage?.stage).toBe('stage 1');
    expect(stage?.seconds).toHaveLength(2);
    expect(stage?.seconds[0]).toMatchObject({
      durationS: 1,
      completed: 6,
      ended: 8,
      errors: 4,
      intended: 4,
      dropped: 0,
    });
    const { indexes, counts } = stage?.seconds[1]?.latency ?? { indexes: [], counts: [] };
    expect([...indexes].map((index) => Math.round(highestValue(index) / 100) * 100)).toEqual([500, 90_000]);
    expect([...counts]).toEqual([1, 1]);
  });

  test('begin behind the warm-up that was cut', async () => {
    const stages = run.stages.map((stage) => ({
      ...stage,
      steady: { cutS: 2, method: 'mser-5' as const, reason: { code: 'warm-up-cut' }, steady: true },
    }));
    const lines = [0, 1, 2, 3].map((second) => line(1, 0, second));
    const [stage] = await sampleSeconds({ ...run, stages }, of(lines));
    expect(stage?.seconds).toHaveLength(2);
    const led = [0.8, 1.8, 2.8, 3.8].map((second) => line(1, 0, second));
    expect((await sampleSeconds({ ...run, stages }, of(led)))[0]?.seconds).toHaveLength(2);
  });
});
