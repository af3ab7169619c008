import { describe, expect, test } from '@jest/globals';
import { findInstanceType } from '../../model/instance-catalogue.ts';
import { compareInstances, gradePredictions } from '../prediction.ts';
import { knownRun } from './size-fixture.ts';

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
    expect(graded?.text).toBe('t2.micro: 1,000/s predicted from t2.medium, 800/s measured: +25 %');
  });

  test('is not graded against a run that was cut off, or one without a type', () => {
    const micro = emulated('t2.micro', 1, [400]);
    expect(gradePredictions([medium, { ...micro, run: { ...micro.run, status: 'aborted' } }])).toEqual([]);
    expect(gradePredictions([medium, knownRun({ demandMs: 0.5, rates: [400] })])).toEqual([]);
    expect(gradePredictions([])).toEqual([]);
  });

  test('stands beside the verdict on all types', () => {
    const types = ['t2.medium', 't2.micro'].map((name) => findInstanceType(name));
    const compared = compareInstances([medium], types);
    expect(compared?.predictions).toEqual([]);
    expect(compared?.sizing.instances.map(({ burstPerS }) => Math.round(burstPerS?.value ?? 0))).toEqual([2000, 1000]);
  });
});
