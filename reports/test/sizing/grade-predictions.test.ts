import { describe, expect, test } from '@jest/globals';
import { findInstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { textOf } from '../../messages/text-of.ts';
import { gradePredictions } from '../../sizing/grade-predictions.ts';
import { sizeRuns } from '../../sizing/size-runs.ts';
import { knownRun } from '../size-fixture.ts';

const emulated = (instanceType: string, vcpus: number, rates: readonly number[]) =>
  knownRun({ demandMs: 0.5, rates, target: { instanceType, vcpus, workers: vcpus, vcpuShare: 0.5 } });

describe('a prediction', () => {
  // 0.5 ms of a core are 1 ms of a vCPU that is half a core: 1000/s on one vCPU.
  const medium = emulated('t2.medium', 2, [500, 1000, 1900]);

  test('is graded against the run on the machine that it was about', () => {
    const [graded, ...others] = gradePredictions([medium, emulated('t2.micro', 1, [400, 800])]);
    expect(others).toEqual([]);
    expect(graded?.predictedPerS).toBeCloseTo(1000, 3);
    expect(graded?.measuredPerS).toBe(800);
    expect(graded?.errorPercent).toBeCloseTo(25, 6);
    expect(graded?.state).toBe('burst');
    expect(graded && textOf(graded)).toMatch(
      /^t2\.micro burst: 1,000\/s \(.*\) predicted from t2\.medium, 800\/s measured: \+25 %, the interval did not hold/,
    );
  });

  test('is graded for the sustained rate too, and a wrong one names its suspects', () => {
    const micro = emulated('t2.micro', 1, [400, 1000, 60]);
    const stages = micro.run.stages.map((stage, index) =>
      index === 3 ? { ...stage, name: 'credits gone', role: 'sustained' as const } : stage,
    );
    const [first, second] = [micro.observed.stages[1], micro.observed.stages[3]];
    if (!first || !second) throw new Error('no stages');
    // 60/s took 3.85 % of a core instead of 3.3 %.
    second.metrics['app.cpu'] = { min: 3.85, max: 3.85, avg: 3.85, samples: 10 };
    const seen = { observed: micro.observed, run: { ...micro.run, stages } };
    const graded = gradePredictions([medium, seen]);
    expect(graded.map(({ state, measuredPerS }) => [state, measuredPerS])).toEqual([
      ['burst', 1000],
      ['sustained', 60],
    ]);
    expect(graded[0]?.suspects).toEqual([]);
    // The slices of its control group make a request dearer there.
    expect(graded[1]?.predictedPerS).toBeCloseTo(100 / 1.1, 3);
    expect(graded[1]?.suspects).toEqual([{ code: 'request-dearer', percent: expect.closeTo(16.667, 2) }]);
    expect(graded[1] && textOf(graded[1])).toContain(
      '; possible causes: a request used 16.7 % more CPU than predicted',
    );

    // Requests that are cheaper do not explain that there were fewer.
    second.metrics['app.cpu'] = { min: 2.64, max: 2.64, avg: 2.64, samples: 10 };
    expect(gradePredictions([medium, seen])[1]?.suspects).toEqual([]);
    const more = stages.map((stage) => (stage.role === 'sustained' ? { ...stage, throughputPerS: 110 } : stage));
    second.metrics['app.cpu'] = { min: 4.84, max: 4.84, avg: 4.84, samples: 10 };
    const [, quicker] = gradePredictions([medium, { ...seen, run: { ...seen.run, stages: more } }]);
    expect(quicker?.suspects).toEqual([{ code: 'request-cheaper', percent: expect.closeTo(20, 3) }]);

    const types = ['t2.medium', 't2.micro'].map((name) => findInstanceType(name));
    const sizing = sizeRuns([medium, seen], types)?.sizing;
    // What was measured goes before what was predicted.
    expect(sizing?.instances[1]).toMatchObject({
      measured: { burst: { perS: 1000 }, sustained: { perS: 60, stage: 'credits gone' } },
      sustainableLoad: { sustainedPerS: { value: expect.closeTo(60, 3) } },
      sustainedPerS: { value: expect.closeTo(100 / 1.1, 3) },
      verdict: 'fits',
    });
  });

  test('a threshold that fails at the baseline performance is inconclusive, with the rate to try', () => {
    const thresholds = ['latency.p99 < 4ms'];
    const known = knownRun({
      demandMs: 0.5,
      rates: [900, 80],
      p99Us: 3000,
      thresholds,
      target: { instanceType: 't2.micro', vcpus: 1, workers: 1, vcpuShare: 0.5 },
    });
    const stages = known.run.stages.map((stage, index) =>
      index === 2 && stage.latencyUs
        ? { ...stage, role: 'sustained' as const, latencyUs: { ...stage.latencyUs, p99: 50_000 } }
        : stage,
    );
    const compared = sizeRuns([{ ...known, run: { ...known.run, stages } }], [findInstanceType('t2.micro')]);
    expect(compared?.sizing.instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'latency' });
    expect(compared?.sizing.recommendation.nextExperiment).toMatchObject({
      code: 'next-rate',
      of: 'latency',
      ratePerS: 64,
      durationS: 60,
    });
  });

  test('is not graded against a run that was cut off, or one without a type', () => {
    const micro = emulated('t2.micro', 1, [400]);
    expect(gradePredictions([medium, { ...micro, run: { ...micro.run, status: 'aborted' } }])).toEqual([]);
    expect(gradePredictions([medium, knownRun({ demandMs: 0.5, rates: [400] })])).toEqual([]);
    expect(gradePredictions([])).toEqual([]);
  });

  test('stands beside the verdict on all types', () => {
    const types = ['t2.medium', 't2.micro'].map((name) => findInstanceType(name));
    const compared = sizeRuns([medium], types);
    expect(compared?.predictions).toEqual([]);
    expect(compared?.sizing.instances.map(({ burstPerS }) => Math.round(burstPerS?.value ?? 0))).toEqual([2000, 1000]);
  });
});
