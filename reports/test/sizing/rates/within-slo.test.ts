import { describe, expect, test } from '@jest/globals';
import { findInstanceType } from '../../../../model/catalogue/instance-catalogue.ts';
import { type RunRecord, runRecordSchema } from '../../../../model/run-record.ts';
import { makeStage } from '../../../../model/test/make-run.ts';
import { findCapacityAtSlo } from '../../../measured/capacity-at-slo.ts';
import { textOf } from '../../../messages/text-of.ts';
import { sizeRuns } from '../../../sizing/size-runs.ts';
import { dailyTraffic } from '../../../traffic/traffic.ts';
import { judge } from '../../../verdict/judge.ts';
import { blockRun } from '../../block-runs.ts';

type AtSlo = NonNullable<RunRecord['capacityAtSlo']>;

const slo = ['latency.p99 < 100ms'];
const atSlo = (perS: number, given: Partial<AtSlo> = {}): AtSlo => ({
  arrivalRatePerS: perS,
  low: 0.95 * perS,
  high: 1.05 * perS,
  slo,
  probes: [],
  ...given,
});

/** A t2.micro that saturates at 10,000/s (9,500 to 10,500). */
function micro(capacityAtSlo?: AtSlo) {
  const { run, observed } = blockRun({ instanceType: 't2.micro' });
  return { run: { ...run, ...(capacityAtSlo && { capacityAtSlo }) }, observed };
}

/** Of a day whose peak hour needs so much. */
function sized(peakPerS: number, capacityAtSlo?: AtSlo) {
  const traffic = dailyTraffic((1e6 * peakPerS) / dailyTraffic(1e6, 'office').peakPerS, 'office');
  const instance = sizeRuns([micro(capacityAtSlo)], [findInstanceType('t2.micro')], { traffic })?.sizing.instances[0];
  return instance?.checks.find(({ limit }) => limit === 'burst-cpu');
}

describe('the peak of a workload is held against', () => {
  test('the rate at the SLO where that is less than the burst rate', () => {
    const check = sized(6000, atSlo(7000));
    expect(sized(6000)).toMatchObject({ verdict: 'fits' });
    expect(check).toMatchObject({ verdict: 'inconclusive' });
    expect(check && textOf(check.because)).toContain(
      'a t2.micro bursts to 7,000/s (6,650 to 7,350) at latency.p99 < 100ms while it has CPU credits',
    );
  });

  test('the burst rate where the SLO is met beyond it', () => {
    expect(sized(6000, atSlo(20_000))).toMatchObject({
      verdict: 'fits',
      because: { burstPerS: { value: 10_000, low: 9500, high: 10_500 } },
    });
  });

  test('the whole interval: above it a type does not fit, inside it is inconclusive, below it fits', () => {
    expect([5500, 7000, 7400].map((peakPerS) => sized(peakPerS, atSlo(7000))?.verdict)).toEqual([
      'fits',
      'inconclusive',
      'does-not-fit',
    ]);
  });

  test('at least what held where the generator was at its limit, and not less than the burst rate allows', () => {
    const open = atSlo(5000, { low: 5000, high: 12_500, atLeast: true });
    const check = sized(6000, open);
    expect(check).toMatchObject({ verdict: 'inconclusive', because: { burstPerS: { value: 5000, high: 10_500 } } });
    expect(check && textOf(check.because)).toContain('bursts to at least 5,000/s (5,000 to 10,500)');
    expect(sized(11_000, open)).toMatchObject({ verdict: 'does-not-fit' });
  });
});

describe('where every rate missed the SLO', () => {
  const missed = atSlo(6000, { low: 0, high: 6000, atMost: true });

  test('a peak at the lowest of them does not fit, and below it is inconclusive', () => {
    expect([500, 5000, 6000.001, 8000].map((peakPerS) => sized(peakPerS, missed)?.verdict)).toEqual([
      'inconclusive',
      'inconclusive',
      'does-not-fit',
      'does-not-fit',
    ]);
    const check = sized(8000, missed);
    expect(check && textOf(check.because)).toContain(
      'a t2.micro bursts to less than 6,000/s at latency.p99 < 100ms while it has CPU credits',
    );
  });

  test('the burst rate in the sustainable load is less than that, and the run has no capacity at the SLO', () => {
    const seen = micro(missed);
    const instance = sizeRuns([seen], [findInstanceType('t2.micro')], {})?.sizing.instances[0];
    expect(instance).toMatchObject({ verdict: 'fits', withinSlo: { perS: { low: 0, high: 6000 }, atMost: true } });
    expect(instance && textOf(instance.because)).toContain('bursts to less than 6,000/s at latency.p99 < 100ms');
    expect(judge(seen.run, seen.observed)).not.toHaveProperty('capacityAtSlo');
    expect(runRecordSchema.shape.capacityAtSlo.safeParse(missed).success).toBe(true);
  });
});

describe('a type of fixed performance', () => {
  const fixed = (capacityAtSlo?: AtSlo) => {
    const { credits: _, ...type } = findInstanceType('t2.micro');
    const { run, observed } = micro(capacityAtSlo);
    const keeps = (_stage: unknown, index: number) => run.stages[index]?.role !== 'sustained';
    const seen = { ...observed, stages: (observed?.stages ?? []).filter(keeps) } as typeof observed;
    const steady = { ...run, stages: run.stages.filter(keeps) };
    return sizeRuns([{ run: steady, observed: seen }], [type], {})?.sizing.instances[0];
  };

  test('sustains no more than the rate at the SLO', () => {
    const free = fixed()?.sustainableLoad?.sustainedPerS;
    const instance = fixed(atSlo(7000));
    expect(free?.value).toBeGreaterThan(7350);
    expect(instance?.withinSlo?.perS.high).toBeLessThan(free?.low ?? 0);
    expect(instance?.sustainableLoad?.sustainedPerS).toEqual(instance?.withinSlo?.perS);
    expect(instance).toMatchObject({ verdict: 'fits', summary: { perS: instance?.withinSlo?.perS.value } });
  });

  test('is inconclusive where every rate missed it', () => {
    const instance = fixed(atSlo(6000, { low: 0, high: 6000, atMost: true }));
    expect(instance).toMatchObject({ verdict: 'inconclusive', limitedBy: 'burst-cpu' });
    expect(instance && textOf(instance.because)).toMatch(
      /^Serves less than [\d,]+\/s at latency\.p99 < 100ms: every rate that was measured missed the SLO$/,
    );
  });
});

describe('the capacity at the SLO', () => {
  test('is that of whole vCPUs', () => {
    const { run, observed } = blockRun({ instanceType: 't2.medium' });
    const found = findCapacityAtSlo({ ...run, capacityAtSlo: atSlo(9000) }, observed);
    // 9,000/s on the core that two vCPUs shared; the interval is that of the search and of what sharing cost.
    expect(found).toEqual({
      arrivalRatePerS: expect.closeTo(9000 * 2 * 1.07, 6),
      low: expect.closeTo(19_260 * (1 - Math.hypot(0.05, 1 - 0.95 / 1.07)), 6),
      high: expect.closeTo(19_260 * (1 + Math.hypot(0.05, 1.21 / 1.07 - 1)), 6),
      slo,
    });
  });

  test('is not below 0 where every rate missed the SLO on a shared core', () => {
    const { run, observed } = blockRun({ instanceType: 't2.medium' });
    const searched = atSlo(6000, { low: 0, high: 6000, atMost: true });
    const found = findCapacityAtSlo({ ...run, capacityAtSlo: searched }, observed);
    expect(found).toMatchObject({ low: 0, atMost: true });
    const vcpuSpeed = { core: 0, redisSetUs: { value: 8, low: 7.6, high: 8.4, windows: 34 } };
    const seen = { run: { ...run, capacityAtSlo: searched, vcpuSpeed }, observed };
    const [sized] = sizeRuns([seen], [findInstanceType('t2.medium')])?.sizing.instances ?? [];
    expect(sized?.withinSlo?.perS.low).toBe(0);
    expect(JSON.stringify(sized)).not.toContain('null');
  });

  test('is that of the capacity stage in a run on a type that has no open blocks', () => {
    const { run, observed } = micro();
    const { atLeast: _, ...capacity } = atSlo(9000);
    expect(findCapacityAtSlo({ ...run, capacity }, observed)).toMatchObject({ arrivalRatePerS: 9000 });
    const { instanceType: __, ...target } = run.target;
    expect(findCapacityAtSlo({ ...run, target, capacity }, observed)).toBeUndefined();
  });

  test('is not that of an instance without credits', () => {
    const { run, observed } = micro();
    const stage = makeStage({ kind: 'open', role: 'probe', arrivalRatePerS: { from: 9000, to: 9000 } });
    const probes = [{ arrivalRatePerS: 9000, holds: true, stage: run.stages.length, reasons: [] }];
    const flat = (value: number) => ({ min: value, max: value, avg: value, samples: 3 });
    const metrics = { 'aws.ec2.cpucredit_balance': flat(0), 'aws.ec2.cpuutilization': flat(10) };
    const empty = { ...run, stages: [...run.stages, stage], capacityAtSlo: atSlo(9000, { probes }) };
    const seen = { ...observed, stages: [...(observed?.stages ?? []), { name: 'load', metrics, services: {} }] };
    expect(findCapacityAtSlo(empty, seen as typeof observed)).toBeUndefined();
  });

  test('stands in the headline beside the saturation', () => {
    const { run, observed } = micro(atSlo(7000));
    const judged = judge(run, observed);
    expect(judged.capacityAtSlo).toEqual({ arrivalRatePerS: 7000, low: 6650, high: 7350, slo });
    expect(textOf(judged.headline)).toContain('Up to 7,000 requests/s (6,650 to 7,350) met latency.p99 < 100ms');
    const open = micro(atSlo(7000, { atLeast: true }));
    expect(textOf(judge(open.run, open.observed).headline)).toContain(
      'At least 7,000 requests/s met latency.p99 < 100ms. Higher rates were not measured',
    );
  });
});
