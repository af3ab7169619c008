import { describe, expect, test } from '@jest/globals';
import type { StageRecord } from '../../../../model/stage/stage-record.ts';
import { demandAtFullUse, demandNear } from '../../../sizing/demand/demand-fit.ts';
import { measureServiceDemand, type ServiceDemand } from '../../../sizing/demand/service-demand.ts';
import { knownRun } from '../../size-fixture.ts';

function demand(known: Parameters<typeof knownRun>[0]): ServiceDemand {
  const { run, observed } = knownRun(known);
  const measured = measureServiceDemand(run, observed);
  if ('code' in measured) throw new Error(measured.code);
  return measured;
}

describe('service demand', () => {
  test('is the slope of CPU over throughput, of the app and of the host without the load generator', () => {
    const measured = demand({ demandMs: 0.5, rates: [200, 400, 800, 1200], otherVcpus: 0.3 });
    expect(measured.app?.demandMs.value).toBeCloseTo(0.5, 6);
    expect(measured.app?.backgroundVcpus.value).toBeCloseTo(0, 6);
    expect(measured.host?.demandMs.value).toBeCloseTo(0.5, 6);
    expect(measured.host?.backgroundVcpus.value).toBeCloseTo(0.3, 6);
    expect(measured.used.of).toBe('app');
    expect(measured.used).toMatchObject({ stages: 4 });
    expect(measured.used.r2).toBeCloseTo(1, 6);
  });

  test('has an interval that holds the truth when the stages scatter', () => {
    const { used } = demand({ demandMs: 0.5, rates: [200, 400, 600, 800, 1000, 1200], noise: 0.08 });
    expect(used.demandMs.low).toBeLessThan(0.5);
    expect(used.demandMs.high).toBeGreaterThan(0.5);
    expect(used.r2).toBeLessThan(1);
  });

  test('of one load alone comes from its seconds, and says so by giving no fit', () => {
    const { used } = demand({ demandMs: 0.5, rates: [500] });
    expect(used.demandMs.value).toBeCloseTo(0.5, 9);
    expect(used.demandMs.low).toBeCloseTo(0.45, 9);
    expect(used.demandMs.high).toBeCloseTo(0.55, 9);
    expect(used).not.toHaveProperty('r2');
  });

  test('is not known where the load used no more CPU than the rest', () => {
    const { run, observed } = knownRun({ demandMs: 0, rates: [500] });
    expect(measureServiceDemand(run, observed)).toEqual({ code: 'no-cpu-above-rest' });
  });

  test('of one load leaves out what the app does at rest, before it or after it', () => {
    const { run, observed } = knownRun({ demandMs: 1, rates: [10], restVcpus: 0.02 });
    const turned = { ...run, stages: [...run.stages].reverse() };
    for (const measured of [
      measureServiceDemand(run, observed),
      measureServiceDemand(turned, { ...observed, stages: [...observed.stages].reverse() }),
    ]) {
      const { used } = measured as ServiceDemand;
      expect([used.demandMs.value, used.restVcpus]).toEqual([expect.closeTo(1, 6), expect.closeTo(0.02, 9)]);
    }
  });

  test('takes the calmest second of a rest before the load alone, where the app is still busy with its start', () => {
    const { run, observed } = knownRun({ demandMs: 1, rates: [100, 900] });
    const busyStart = { min: 1, max: 38, avg: 19, samples: 2 };
    const [rest, ...loads] = observed.stages;
    const early = { ...rest, metrics: { ...rest?.metrics, 'app.cpu': busyStart } };
    const restOf = (stages: typeof run.stages, seen: object[]) => {
      const measured = measureServiceDemand(
        { ...run, stages },
        { ...observed, stages: seen as typeof observed.stages },
      );
      return (measured as ServiceDemand).used.restVcpus;
    };
    expect(restOf(run.stages, [early, ...loads])).toBeCloseTo(0.01, 9);
    const late = { ...rest, metrics: { ...rest?.metrics, 'app.cpu': { min: 0, max: 4, avg: 2, samples: 2 } } };
    const [idle, ...loaded] = run.stages as [StageRecord, ...StageRecord[]];
    expect(restOf([idle, ...loaded, idle], [early, ...loads, late])).toBeCloseTo(0.02, 9);
  });

  test('of an emulated machine is in its vCPUs, and its host tells nothing of it', () => {
    const measured = demand({ demandMs: 0.5, rates: [200, 400, 800], target: { vcpuShare: 0.5, vcpus: 2 } });
    expect(measured.used.demandMs.value).toBeCloseTo(1, 6);
    expect(measured.vcpuShare).toBe(0.5);
    expect(measured).not.toHaveProperty('host');
  });

  test('of a remote target is that of its host', () => {
    const { run, observed } = knownRun({
      demandMs: 0.5,
      rates: [200, 400, 800],
      target: { url: 'http://10.0.0.7/', startedByHarness: false, vcpus: 2 },
    });
    const stages = observed.stages.map(({ metrics, ...stage }) => {
      const { 'app.cpu': _, ...host } = metrics;
      return { ...stage, metrics: host, services: {} };
    });
    const measured = measureServiceDemand(run, { ...observed, stages });
    expect(measured).toMatchObject({ used: { of: 'host', backgroundVcpus: { value: expect.closeTo(0.1, 6) } } });
  });

  test('at full use is the same from the CPU of the host as from that of the app', () => {
    const { run, observed } = knownRun({ demandMs: 0.2, rates: [100, 4000, 9000], restVcpus: 0.05 });
    // One that comes alone costs twice as much: the intercept holds a part of that.
    const [, alone] = observed.stages;
    if (!alone) throw new Error('no stage');
    const twice = 0.05 + 100 * 0.0004;
    alone.metrics['app.cpu'] = { min: 100 * twice, max: 100 * twice, avg: 100 * twice, samples: 10 };
    const idle = 100 - (100 * (twice + 0.1)) / 2;
    alone.metrics['system.cpu.idle'] = { min: idle, max: idle, avg: idle, samples: 10 };
    const measured = measureServiceDemand(run, observed);
    if ('code' in measured || !measured.app || !measured.host) throw new Error('no demand');
    expect(demandAtFullUse(measured.app).value).toBeCloseTo(0.2, 6);
    expect(demandAtFullUse(measured.host).value).toBeCloseTo(0.2, 6);
  });

  test('of a run without credits is that of the credit baseline, and tells nothing of full use', () => {
    const { run, observed } = knownRun({ demandMs: 1, rates: [60, 95], target: { instanceType: 't2.micro' } });
    const saturated = { ...run, saturation: { stage: run.stages[2]?.name ?? '', connections: 4 } } as typeof run;
    const withBalance = (balance: number) => ({
      ...observed,
      stages: observed.stages.map((stage) => ({
        ...stage,
        metrics: {
          ...stage.metrics,
          'aws.ec2.cpucredit_balance': { min: balance, max: balance, avg: balance, samples: 10 },
          'aws.ec2.cpuutilization': { min: 9, max: 10, avg: 9.5, samples: 10 },
        },
      })),
    });
    expect(measureServiceDemand(saturated, withBalance(0.1))).toMatchObject({
      atBaseline: true,
      lightUse: expect.closeTo(0.095, 6),
    });
    expect(measureServiceDemand(saturated, withBalance(30))).toMatchObject({ atBaseline: false });
    expect(measureServiceDemand(saturated, withBalance(30))).not.toHaveProperty('lightUse');
  });

  test('is absent, with the reason, when nothing was seen', () => {
    const { run, observed } = knownRun({ demandMs: 0.5, rates: [200] });
    expect(measureServiceDemand(run, undefined)).toEqual({ code: 'host-not-observed' });
    const blind = { ...observed, stages: observed.stages.map((stage) => ({ ...stage, metrics: {} })) };
    expect(measureServiceDemand(run, blind)).toEqual({ code: 'no-steady-stage', shortestStageS: 2 });
    expect(measureServiceDemand({ ...run, stages: run.stages.slice(0, 1) }, observed)).toEqual({
      code: 'no-request-answered',
    });
  });
});

describe('away from full use', () => {
  const fit = {
    of: 'app' as const,
    demandMs: { value: 1, low: 0.9, high: 1.2 },
    backgroundVcpus: { value: 0, low: 0, high: 0 },
    restVcpus: 0.02,
    loadS: 20,
    stages: 2,
    points: [
      { stage: 'at rest', number: 0, perS: 0, vcpus: 0.02 },
      { stage: 'one at a time', number: 1, perS: 100, vcpus: 0.152 },
      { stage: 'full', number: 2, perS: 1000, vcpus: 0.98 },
    ],
  };

  test('a request costs what the stage nearest to that use shows, less what runs anyway', () => {
    const near = demandNear(fit, 0.1);
    expect(near.value).toBeCloseTo(1.32, 9);
    expect([near.low, near.high]).toEqual([0.9, expect.closeTo(1.2 * 1.32, 9)]);
    expect(demandNear({ ...fit, points: [] }, 1)).toEqual(fit.demandMs);
  });

  test('at full use it is what the stage with the highest throughput shows, also below the slope', () => {
    const most = { stage: 'more connections', number: 3, perS: 1030, vcpus: 0.97 };
    const full = demandAtFullUse({ ...fit, points: [...fit.points, most, { ...most, perS: 1020, vcpus: 0.99 }] });
    expect(full.value).toBeCloseTo(950 / 1030, 9);
    expect([full.low, full.high]).toEqual([expect.closeTo(0.9 * full.value, 9), 1.2]);
  });
});
