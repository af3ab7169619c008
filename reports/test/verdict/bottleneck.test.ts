import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { makeObserved, steadyAt } from '../../../model/test/make-run.ts';
import { findLimit } from '../../verdict/bottleneck.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

let run: RunRecord;
let stage: number;
beforeAll(async () => {
  ({ run } = await readReport(fixture('complete')));
  stage = run.stages.findIndex((each) => each.name === run.saturation?.stage);
});

/** An observation with these means in every stage. */
function observe(metrics: Readonly<Record<string, number>>): Observed {
  const summaries = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, steadyAt(value)]));
  return makeObserved(run, () => summaries, { measured: summaries });
}

function withGenerator(mean: number): RunRecord {
  return {
    ...run,
    target: { ...run.target, memoryGiB: 2 },
    generator: { ...run.generator, eventLoopUtilization: { mean, max: 1 } },
  };
}

describe('findLimit', () => {
  const rules: readonly [string, Readonly<Record<string, number>>, number, string][] = [
    [
      'a busy event loop while the host has idle CPU',
      { 'app.event_loop.utilization': 95, 'system.cpu.idle': 40 },
      0.5,
      'event loop',
    ],
    ['one process at the end of its core', { 'app.cpu': 90, 'system.cpu.idle': 40 }, 0.5, 'event loop'],
    [
      'an event loop that is not quite busy',
      { 'app.event_loop.utilization': 94, 'system.cpu.idle': 40, 'app.cpu': 89 },
      0.5,
      'unknown',
    ],
    [
      'an instance that uses its CPU up on a host with idle CPU',
      { 'app.event_loop.utilization': 80, 'system.cpu.idle': 33, 'aws.ec2.cpuutilization': 90 },
      0.5,
      'host CPU',
    ],
    [
      'an instance with CPU to spare',
      { 'app.event_loop.utilization': 80, 'system.cpu.idle': 33, 'aws.ec2.cpuutilization': 89 },
      0.5,
      'unknown',
    ],
    [
      'no idle CPU on the host, whatever the event loop waits for',
      { 'app.event_loop.utilization': 99, 'system.cpu.idle': 9 },
      0.5,
      'host CPU',
    ],
    [
      'idle CPU just above the line',
      { 'system.cpu.idle': 10, 'app.cpu': 50, 'app.event_loop.utilization': 50 },
      0.5,
      'unknown',
    ],
    [
      'hardly any usable memory, before the CPU that looks for it',
      { 'system.mem.pct_usable': 0.04, 'system.cpu.idle': 1 },
      0.5,
      'memory',
    ],
    ['an app that fills the machine', { 'app.mem.rss': 1.99 * 1024 ** 3, 'system.cpu.idle': 40 }, 0.5, 'memory'],
    [
      'memory just enough',
      { 'system.mem.pct_usable': 0.05, 'app.mem.rss': 1.8 * 1024 ** 3, 'system.cpu.idle': 2 },
      0.5,
      'host CPU',
    ],
    ['a busy generator', { 'system.cpu.idle': 40, 'app.cpu': 50 }, 0.91, 'generator'],
    ['a busy generator on a host without idle CPU', { 'system.cpu.idle': 2, 'app.cpu': 50 }, 0.91, 'generator'],
    [
      'a busy event loop before a busy generator',
      { 'app.event_loop.utilization': 97, 'system.cpu.idle': 20 },
      0.91,
      'event loop',
    ],
    ['nothing observed', {}, 0.5, 'unknown'],
  ];

  test.each(rules)('%s', (_, metrics, generator, limitedBy) => {
    expect(findLimit(withGenerator(generator), observe(metrics), stage).limitedBy).toBe(limitedBy);
  });

  test("judges the generator by its use in the stage itself, not by the whole run's", () => {
    const used = (generatorUse: number, whole: number): RunRecord => {
      const changed = withGenerator(whole);
      return {
        ...changed,
        stages: changed.stages.map((each, index) => (index === stage ? { ...each, generatorUse } : each)),
      };
    };
    const seen = observe({ 'system.cpu.idle': 40, 'app.cpu': 50, 'app.event_loop.utilization': 50 });
    expect(findLimit(used(0.91, 0.69), seen, stage)).toMatchObject({
      limitedBy: 'generator',
      because: {
        code: 'generator-busy',
        busyPercent: 91,
        engine: 'autocannon',
      },
    });
    expect(findLimit(used(0.5, 0.95), seen, stage).limitedBy).toBe('unknown');
  });

  test('gives its evidence', () => {
    expect(
      findLimit(withGenerator(0.5), observe({ 'app.event_loop.utilization': 97.3, 'system.cpu.idle': 31 }), stage),
    ).toEqual({
      limitedBy: 'event loop',
      because: { code: 'event-loop-busy', busyPercent: 97.3, hostIdlePercent: 31 },
    });
  });

  test('one busy core says nothing about an app of two workers', () => {
    const two: RunRecord = { ...withGenerator(0.5), target: { ...run.target, workers: 2 } };
    expect(findLimit(two, observe({ 'app.cpu': 120, 'system.cpu.idle': 30 }), stage).limitedBy).toBe('unknown');
  });

  test('errors that begin with this load', () => {
    const failing: RunRecord = {
      ...withGenerator(0.5),
      stages: run.stages.map((each, index) =>
        index < stage || each.kind === 'idle'
          ? each
          : { ...each, outcomes: { ...each.outcomes, timeout: each.requests.sent } },
      ),
    };
    expect(findLimit(failing, observe({ 'system.cpu.idle': 40 }), stage).limitedBy).toBe('errors');
  });

  test('errors that were there with less load are no limit', () => {
    const failing: RunRecord = {
      ...withGenerator(0.5),
      stages: run.stages.map((each) => ({ ...each, outcomes: { ...each.outcomes, timeout: each.requests.sent } })),
    };
    expect(findLimit(failing, observe({ 'system.cpu.idle': 40 }), stage).limitedBy).toBe('unknown');
  });

  test('under a quota that is used up the CPU is the limit, however busy the event loop looks', () => {
    const observed = observe({
      'app.event_loop.utilization': 99,
      'system.cpu.idle': 33,
      'aws.ec2.cpuutilization': 98,
    });
    const emulated = { ...run, target: { ...run.target, vcpuShare: 0.5 } };
    expect(findLimit(emulated, observed, stage).limitedBy).toBe('host CPU');
    expect(findLimit(run, observed, stage).limitedBy).toBe('event loop');
    // Generators that poll leave the host no idle CPU.
    const polled = observe({ 'system.cpu.idle': 5, 'aws.ec2.cpuutilization': 98 });
    expect(findLimit(emulated, polled, stage).because.code).toBe('instance-cpu-saturated');
    expect(findLimit(run, polled, stage).because.code).toBe('host-cpu-saturated');
  });

  test('a network that was limited is the limit where it carries 90 % of that, headers too', () => {
    const sending = (perS: number): RunRecord => ({
      ...run,
      target: { ...run.target, memoryGiB: 2, instanceType: 't2.micro', networkMbps: 64 },
      generator: { ...run.generator, eventLoopUtilization: { mean: 0.5, max: 1 } },
      stages: run.stages.map((each) => ({
        ...each,
        throughputPerS: perS,
        requests: { ...each.requests, sent: 100, completed: 100 },
        bytes: { sent: 10_000, received: 2_000_000 },
      })),
    });
    const observed = observe({ 'system.cpu.idle': 40 });
    // 14 packets with 66 bytes of headers each: 20,924 bytes.
    expect(findLimit(sending(345), observed, stage)).toEqual({
      limitedBy: 'network',
      because: { code: 'network-full', instanceType: 't2.micro', usedMbps: 57.75024, limitMbps: 64 },
    });
    expect(findLimit(sending(343), observed, stage).limitedBy).toBe('unknown');
    const { networkMbps: _, ...target } = sending(345).target;
    expect(findLimit({ ...sending(345), target }, observed, stage).limitedBy).toBe('unknown');
  });

  test('without CPU credits the CPU is used up at the credit baseline', () => {
    const observed = (balance: number) =>
      observe({
        'app.event_loop.utilization': 99,
        'system.cpu.idle': 90,
        'aws.ec2.cpuutilization': 9.6,
        'aws.ec2.cpucredit_balance': balance,
      });
    const emulated = { ...run, target: { ...run.target, instanceType: 't2.micro', vcpuShare: 0.5 } };
    expect(findLimit(emulated, observed(0.2), stage)).toEqual({
      limitedBy: 'host CPU',
      because: { code: 'credit-baseline-reached', instanceType: 't2.micro', usedPercent: 9.6, baselinePercent: 10 },
    });
    expect(findLimit(emulated, observed(12), stage).limitedBy).toBe('event loop');
    // In unlimited mode a balance of 0 holds nothing back.
    const surplus = { ...run, target: { ...run.target, instanceType: 't3.micro', vcpuShare: 0.5 } };
    expect(findLimit(surplus, observed(0), stage).limitedBy).toBe('event loop');
  });

  test('names the metrics that are missing', () => {
    expect(findLimit(withGenerator(0.5), undefined, stage)).toEqual({
      limitedBy: 'unknown',
      because: { code: 'limit-not-observed', missing: ['system.cpu.idle', 'app.event_loop.utilization', 'app.cpu'] },
    });
  });
});
