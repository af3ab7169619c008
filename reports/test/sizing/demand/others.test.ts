import { describe, expect, test } from '@jest/globals';
import { findInstanceType, instanceCatalogue } from '../../../../model/catalogue/instance-catalogue.ts';
import { textOf } from '../../../messages/text-of.ts';
import { sizeRun } from '../../../sizing/size-run.ts';
import type { SizingInput } from '../../../sizing/type-basis.ts';
import { knownRun } from '../../size-fixture.ts';

const MiB = 1024 ** 2;

function sizeOn(type: string, known: Partial<Parameters<typeof knownRun>[0]>, options: Partial<SizingInput> = {}) {
  const seen = knownRun({ demandMs: 1, rates: [100, 300, 600, 900], ...known });
  const input = {
    ...seen,
    traffic: undefined,
    builds: undefined,
    mode: undefined,
    start: 'launch' as const,
    count: 'app' as const,
    catalogue: instanceCatalogue,
    ...options,
  };
  const sizing = sizeRun(input, [findInstanceType(type)]);
  const [instance] = sizing.instances;
  if (!instance) throw new Error('no type');
  return { ...sizing, instance };
}

describe('what is declared beside the app', () => {
  const alone = sizeOn('t2.micro', {});
  const beside = sizeOn('t2.micro', { target: { with: ['jenkins', 'datadog-agent'] } });

  test('takes its CPU at rest from both rates', () => {
    // 0.02 and 0.0032 of 1 vCPU, and of the 0.1 of the baseline performance.
    expect(beside.instance.burstPerS?.value).toBeCloseTo((alone.instance.burstPerS?.value ?? 0) * 0.9768, 6);
    expect(beside.instance.sustainedPerS?.value).toBeCloseTo((alone.instance.sustainedPerS?.value ?? 0) * 0.768, 6);
    const load = beside.instance.sustainableLoad;
    expect(load?.sustainedPerS.low).toBeLessThan(load?.sustainedPerS.value ?? 0);
  });

  test('needs its memory, and is inconclusive where its interval holds the limit', () => {
    const memory = beside.instance.memory;
    expect(memory?.neededBytes).toBeCloseTo((100 + 180 + 388 + 165) * MiB, 0);
    // Up to 875 and 190 MiB: more than 949.
    expect(memory?.verdict).toBe('inconclusive');
    expect(textOf(memory?.because as never)).toMatch(/plus 388 MiB for jenkins \(274 MiB to 875 MiB, assumed\)/);
    expect(alone.instance.memory?.verdict).toBe('fits');
  });

  test('is named, with what is not known', () => {
    expect(textOf(beside.counted)).toBe(
      'Counted beside the app and the system: jenkins (0.02 vCPUs, 388 MiB, assumed); datadog-agent (0.0032 vCPUs, 165 MiB, assumed). What else its machine has is not known',
    );
    expect(textOf(alone.counted)).toBe(
      'Counted beside the app: memory for the system alone. What else its machine has is not known',
    );
  });

  test('takes from a rate that was measured without it', () => {
    const emulated = { instanceType: 't2.micro', vcpus: 1, vcpuShare: 1, vcpuShareAtBaseline: 1 };
    const [bare, with_] = [[], ['jenkins']].map((programs) => {
      const seen = knownRun({ demandMs: 1, rates: [100, 900], target: { ...emulated, with: programs } });
      const stages = seen.run.stages.map((each) => ({
        ...each,
        kind: each.role === 'idle' ? each.kind : ('closed' as const),
      }));
      return sizeOn('t2.micro', {}, { ...seen, run: { ...seen.run, stages } }).instance;
    });
    expect(bare?.measured?.burst?.perS).toBe(900);
    expect(with_?.measured?.burst?.perS).toBe(900);
    expect(with_?.sustainableLoad?.burstPerS?.value).toBeCloseTo(900 * 0.98, 6);
    expect(with_?.sustainableLoad?.sustainedPerS.value).toBeCloseTo(
      (bare?.sustainableLoad?.sustainedPerS.value ?? 0) * 0.8,
      6,
    );
  });
});

describe('nginx in the path', () => {
  test('counts with the memory that it was seen to have, and with no CPU of its own', () => {
    const nginx = { version: '1.22.1', workers: 1 };
    const { instance, counted } = sizeOn('t2.micro', { target: { with: ['nginx'], nginx } });
    expect(instance.burstPerS?.value).toBeCloseTo(sizeOn('t2.micro', {}).instance.burstPerS?.value ?? 0, 6);
    expect(textOf(counted)).toContain('nginx (in the path, 6.00 MiB, assumed)');
    expect(instance.memory?.neededBytes).toBeCloseTo((100 + 180 + 6) * MiB, 0);
  });
});

describe('counting the host', () => {
  test('gives the capacity of the app less what the rest of the host used', () => {
    const known = { otherVcpus: 0.05 };
    const [app, host] = (['app', 'host'] as const).map((count) => sizeOn('t2.micro', known, { count }));
    expect(host?.instance.burstPerS?.value).toBeCloseTo((app?.instance.burstPerS?.value ?? 0) * 0.95, 6);
    expect(host?.instance.sustainedPerS?.value).toBeCloseTo((app?.instance.sustainedPerS?.value ?? 0) * 0.5, 6);
    expect(textOf(host?.counted as never)).toBe(
      'Counted: the observed host, whose programs used 0.05 vCPUs at rest without the app',
    );
  });

  test('takes it from what was not measured beside it: on its own type from the sustained rate, not from the burst', () => {
    const rates = [100, 1900];
    const seen = knownRun({ demandMs: 1, rates, otherVcpus: 0.1, target: { instanceType: 't2.medium' } });
    const stages = seen.run.stages.map((each) => ({
      ...each,
      kind: each.role === 'idle' ? each.kind : ('closed' as const),
    }));
    const [app, host] = (['app', 'host'] as const).map(
      (count) => sizeOn('t2.medium', {}, { ...seen, run: { ...seen.run, stages }, count }).instance.sustainableLoad,
    );
    expect(app?.burstPerS?.value).toBe(1900);
    expect(host?.burstPerS?.value).toBe(1900);
    expect((host?.sustainedPerS.value ?? 0) / (app?.sustainedPerS.value ?? 1)).toBeCloseTo(0.3 / 0.4, 2);
  });

  test('does not take from the capacity what no program that was seen used, and gives no verdict', () => {
    const [app, host] = (['app', 'host'] as const).map((count) => sizeOn('t2.medium', { otherVcpus: 1.3 }, { count }));
    expect(host?.instance.burstPerS).toEqual(app?.instance.burstPerS);
    expect(host?.instance).toMatchObject({ verdict: 'inconclusive', limitedBy: 'measurement' });
    expect(host?.instance.because).toEqual({ code: 'rest-not-known', vcpus: expect.closeTo(1.3, 6) });
    expect(textOf(host?.counted as never)).toContain('Not known: 1.3 vCPUs at rest, of no program that was seen');
  });

  test('names the programs that leave nothing for requests', () => {
    const seen = knownRun({ demandMs: 1, rates: [100, 900], otherVcpus: 0.3 });
    for (const { metrics } of seen.observed.stages)
      metrics['system.mem.usable'] = { min: 3.5e9, max: 3.5e9, avg: 3.5e9, samples: 9 };
    const summary = (value: number) => ({ min: value, max: value, avg: value, samples: 9 });
    for (const stage of seen.observed.stages)
      stage.services.npm = { cpuPercent: summary(30), rssBytes: summary(80 * MiB) };
    const { instance } = sizeOn('t2.micro', {}, { ...seen, count: 'host' });
    expect(instance.sustainedPerS?.value).toBe(0);
    expect(textOf(instance.because)).toBe(
      'Without a request the app and what is counted beside it (npm) use 0.3 vCPUs, all of the baseline performance: nothing is left for requests',
    );
  });
});
