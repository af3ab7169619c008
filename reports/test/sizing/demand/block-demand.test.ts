import { describe, expect, test } from '@jest/globals';
import { findInstanceType } from '../../../../model/catalogue/instance-catalogue.ts';
import { textOf } from '../../../messages/text-of.ts';
import { measureServiceDemand, presentDemand } from '../../../sizing/demand/service-demand.ts';
import { gradePredictions } from '../../../sizing/grade-predictions.ts';
import { sizeRuns } from '../../../sizing/size-runs.ts';
import { blockRun } from '../../block-runs.ts';

const medium = () => blockRun({ instanceType: 't2.medium' });

describe('the CPU of a run in blocks', () => {
  test('is that of its requests, and at the baseline performance of its slices', () => {
    const { run, observed } = medium();
    const blocks = presentDemand(measureServiceDemand(run, observed))?.used.blocks;
    // Blocks of 1 % more and less: the median of both is 0.1 ms and a little.
    expect(blocks?.requestS.value).toBeCloseTo(0.0001, 7);
    // 0.4 CPU-seconds a second for 3,800 requests of 0.1 ms and 20 slices of a millisecond.
    expect(blocks?.sliceS?.value).toBeCloseTo(0.001, 5);
  });

  test('predicts another type in both states, within 15 % to both sides', () => {
    const graded = gradePredictions([medium(), blockRun({ instanceType: 't2.micro' })]);
    // Of itself the first run predicts nothing.
    expect(graded.map(({ instanceType, state, held }) => [instanceType, state, held])).toEqual([
      ['t2.micro', 'burst', true],
      ['t2.micro', 'sustained', true],
    ]);
    const [burst, sustained] = graded;
    // One vCPU at 0.1 ms a request; a tenth of it, less 10 slices of a millisecond.
    expect((burst?.predictedPerS ?? 0) / 10_000).toBeCloseTo(1, 3);
    expect((sustained?.predictedPerS ?? 0) / 900).toBeCloseTo(1, 2);
    for (const { low, high, predictedPerS, suspects } of graded) {
      expect(low).toBeGreaterThan(0.85 * predictedPerS);
      expect(high).toBeLessThan(1.15 * predictedPerS);
      expect(high).toBeGreaterThan(1.05 * predictedPerS);
      expect(suspects).toEqual([]);
    }
    expect(burst && textOf(burst)).toMatch(/ predicted from t2\.medium, 10,000\/s measured: .*, the interval held$/);
  });

  test('misses a type that is a quarter faster than predicted', () => {
    const graded = gradePredictions([medium(), blockRun({ instanceType: 't2.micro', faster: 1.25 })]);
    expect(graded.map(({ held }) => held)).toEqual([false, false]);
  });

  test('is that of whole vCPUs for a type whose vCPUs shared a core', () => {
    const types = ['t2.medium', 't2.micro'].map((name) => findInstanceType(name));
    const [own, micro] = sizeRuns([medium()], types)?.sizing.instances ?? [];
    expect((own?.burstPerS?.value ?? 0) / 20_000).toBeCloseTo(1, 3);
    expect((micro?.sustainedPerS?.value ?? 0) / 900).toBeCloseTo(1, 2);
  });
});
