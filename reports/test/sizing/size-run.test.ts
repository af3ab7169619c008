import { describe, expect, test } from '@jest/globals';
import { findInstanceType, instanceCatalogue } from '../../../model/catalogue/instance-catalogue.ts';
import { relativeUserSpeed } from '../../../model/catalogue/user-speed.ts';
import { renderSizing } from '../../messages/sizing-text.ts';
import { textOf } from '../../messages/text-of.ts';
import type { SizingFinding } from '../../schema/sizing-findings.ts';
import { sizeRun } from '../../sizing/size-run.ts';
import type { SizingInput } from '../../sizing/type-basis.ts';
import { dailyTraffic } from '../../traffic/traffic.ts';
import { judge } from '../../verdict/judge.ts';
import { knownRun } from '../size-fixture.ts';

type Known = Parameters<typeof knownRun>[0];

function size(known: Partial<Known>, on: readonly string[], options: Partial<SizingInput> = {}) {
  const { run, observed } = knownRun({ demandMs: 1, rates: [100, 300, 600, 900], ...known });
  const input = {
    run,
    observed,
    traffic: undefined,
    builds: undefined,
    mode: undefined,
    start: 'launch' as const,
    count: 'app' as const,
    catalogue: instanceCatalogue,
    ...options,
  };
  return sizeRun(
    input,
    on.map((name) => findInstanceType(name)),
  );
}

/** As a ladder would have made it: the type's highest throughput is one of a closed stage. */
const closed = ({ run, observed }: ReturnType<typeof knownRun>) => ({
  run: {
    ...run,
    stages: run.stages.map((stage) => ({ ...stage, kind: stage.role === 'idle' ? stage.kind : ('closed' as const) })),
  },
  observed,
});

const coreOf = (setUs: number) => ({ core: 0, redisSetUs: { value: setUs, low: setUs, high: setUs, windows: 9 } });
const slowCore = coreOf(21);
const fastCore = coreOf(8.5);
const both = ['t2.micro', 't2.medium'];
const daily = (perS: number) => ({ traffic: dailyTraffic(perS * 86_400, 'flat') });

describe('two capacities', () => {
  test('burst is the CPU over the demand, sustained the credit baseline over it', () => {
    const { instances, serviceDemandMs } = size({}, both, daily(10));
    expect(serviceDemandMs?.value).toBeCloseTo(1, 6);
    expect(instances.map(({ burstPerS }) => Math.round(burstPerS?.value ?? 0))).toEqual([1000, 1000]);
    expect(instances.map(({ sustainedPerS }) => Math.round(sustainedPerS?.value ?? 0))).toEqual([100, 400]);
  });

  test('one process cannot use two vCPUs, and an emulated shortener has one for each', () => {
    expect(size({}, both).instances[1]?.notes).toContainEqual({ code: 'idle-vcpus', idleVcpus: 1, workers: 1 });
    const emulated = size({ target: { vcpuShare: 0.5, vcpus: 2, workers: 2 } }, both).instances;
    expect(emulated[1]?.notes).toEqual([{ code: 'vcpu-emulated', vcpuShare: 0.5, cpuModel: 'Known CPU' }]);
    // 1 ms of a core is 2 ms of a vCPU that is half a core.
    expect(emulated.map(({ burstPerS }) => Math.round(burstPerS?.value ?? 0))).toEqual([500, 1000]);
    // It was told to start two workers there, and has one.
    const single = size({ target: { vcpuShare: 1, vcpuShareAtBaseline: 1, vcpus: 2, workers: 1 } }, both).instances;
    expect(single.map(({ burstPerS }) => Math.round(burstPerS?.value ?? 0))).toEqual([1000, 1000]);
    expect(single[1]?.notes).toContainEqual({ code: 'idle-vcpus', idleVcpus: 1, workers: 1 });
  });

  test('what else runs on the box takes its share when the host counts', () => {
    const [micro] = size({ otherVcpus: 0.05 }, ['t2.micro'], { ...daily(10), count: 'host' }).instances;
    expect(micro?.sustainedPerS?.value).toBeCloseTo(50, 3);
    expect(micro?.burstPerS?.value).toBeCloseTo(950, 3);
  });

  test('the app alone on a host is the same however it is counted', () => {
    for (const count of ['app', 'host'] as const) {
      const [micro] = size({ restVcpus: 0.02 }, ['t2.micro'], { count }).instances;
      expect(micro?.burstPerS?.value).toBeCloseTo(980, 3);
      expect(micro?.sustainedPerS?.value).toBeCloseTo(80, 3);
    }
  });

  test('in unlimited mode what costs no surplus is a light load, whose requests come alone', () => {
    const { run, observed } = knownRun({
      demandMs: 1,
      rates: [100, 900, 900],
      target: { vcpuShare: 1, vcpus: 1, workers: 1 },
    });
    const [rest, calm, ...full] = observed.stages;
    const dearer = { ...calm, metrics: { ...calm?.metrics, 'app.cpu': { min: 15, max: 15, avg: 15, samples: 10 } } };
    const seen = { run, observed: { ...observed, stages: [rest, dearer, ...full] as typeof observed.stages } };
    const rate = (mode: 'standard' | 'unlimited') =>
      size({}, ['t2.micro'], { ...seen, mode }).instances[0]?.sustainedPerS?.value;
    expect(rate('unlimited')).toBeCloseTo(100 / 1.5, 3);
    expect(rate('standard')).toBeCloseTo(100 / 1.1, 3);
  });

  test('a run that began without credits measured the credit baseline, and nothing with credits', () => {
    const { run, observed } = closed(
      knownRun({
        demandMs: 1,
        rates: [60, 95, 94],
        target: { instanceType: 't2.micro', vcpuShare: 1, vcpus: 1, workers: 1 },
      }),
    );
    for (const stage of observed.stages) {
      stage.metrics['aws.ec2.cpucredit_balance'] = { min: 0, max: 0.1, avg: 0, samples: 10 };
      stage.metrics['aws.ec2.cpuutilization'] = { min: 9, max: 10, avg: 9.5, samples: 10 };
    }
    const [micro] = size({}, ['t2.micro'], { run, observed }).instances;
    expect(micro?.measured).toMatchObject({ sustained: { perS: 95, low: 94 } });
    expect(micro?.measured).not.toHaveProperty('burst');
    expect(micro).not.toHaveProperty('burstPerS');
    // Measured, not predicted from itself.
    expect(micro).not.toHaveProperty('sustainedPerS');
    expect(micro?.sustainableLoad?.sustainedPerS).toEqual({ value: 95, low: 94, high: 95 });
    expect(micro?.summary).toEqual({ code: 'summary-fits-up-to', perS: 95, low: 94, high: 95 });
    expect(micro).not.toHaveProperty('latency');
    expect(micro?.sustainedLatency?.p99Us).toBe(5000);
  });

  test('a run at full speed on its last credit measured no credit baseline', () => {
    const { run, observed } = closed(
      knownRun({
        demandMs: 1,
        rates: [900, 950],
        target: { instanceType: 't2.micro', vcpuShare: 1, vcpus: 1, workers: 1 },
      }),
    );
    for (const stage of observed.stages) {
      stage.metrics['aws.ec2.cpucredit_balance'] = { min: 0.5, max: 0.985, avg: 0.7, samples: 10 };
      stage.metrics['aws.ec2.cpuutilization'] = { min: 90, max: 95, avg: 95, samples: 10 };
    }
    const [micro] = size({}, ['t2.micro'], { run, observed }).instances;
    expect(micro?.measured).toMatchObject({ burst: { perS: 950 } });
    expect(micro?.measured).not.toHaveProperty('sustained');
    expect(micro?.sustainableLoad?.sustainedPerS.value).toBeLessThan(110);
  });

  test('latency is looked up as the capacity is reckoned, where a request costs more at full use than the slope says', () => {
    const { run, observed } = knownRun({ demandMs: 1, rates: [100, 300, 600, 780], thresholds: ['latency.p99 < 3ms'] });
    const full = observed.stages.at(-1)?.metrics['app.cpu'];
    if (!full) throw new Error('no CPU of the app');
    for (const key of ['min', 'max', 'avg'] as const) full[key] = 97.5;
    const [micro] = size({}, ['t2.micro'], { run, observed }).instances;
    expect(micro).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'latency' });
  });

  test('what unlimited mode would cost is what a size in unlimited mode costs', () => {
    const micro = (mode?: 'unlimited') => size({ restVcpus: 0.02 }, ['t2.micro'], { ...daily(300), mode }).instances[0];
    expect(micro()?.usdPerMonthUnlimited).toBe(micro('unlimited')?.usdPerMonth);
  });

  test('what the app does without a request spends CPU and credits', () => {
    const [micro, medium] = size({ restVcpus: 0.02 }, both).instances;
    expect(medium?.burstPerS?.value).toBeCloseTo(980, 3);
    expect(micro?.sustainedPerS?.value).toBeCloseTo(80, 3);
    expect(micro?.burstPerS?.value).toBeCloseTo(980, 3);
    const [none] = size({}, ['t2.micro']).instances;
    expect(micro?.hoursToThrottle).toBe(none?.hoursToThrottle);
  });

  test('a load that is far from full use spends what a request costs there, in the capacity for ever and in the day', () => {
    const { run, observed } = knownRun({ demandMs: 1, rates: [100, 900, 900, 900] });
    const [rest, calm, ...full] = observed.stages;
    const dearer = { ...calm, metrics: { ...calm?.metrics, 'app.cpu': { min: 15, max: 15, avg: 15, samples: 10 } } };
    const seen = { run, observed: { ...observed, stages: [rest, dearer, ...full] as typeof observed.stages } };
    const [micro] = size({}, ['t2.micro'], seen).instances;
    const [even] = size({ rates: [100, 900, 900, 900] }, ['t2.micro']).instances;
    // Between what a request costs at full use, and alone.
    expect(micro?.sustainedPerS?.value).toBeCloseTo(100 / Math.sqrt(1.5), 3);
    expect(micro?.burstPerS?.value).toBeGreaterThan(990);
    expect(micro?.sustainableLoad?.requestsPerOfficeDay ?? 0).toBeLessThan(
      (even?.sustainableLoad?.requestsPerOfficeDay ?? 0) / 1.05,
    );
    const throttled = (perS: number) => size({}, ['t2.micro'], { ...seen, ...daily(perS) }).instances[0]?.day;
    expect(throttled(80)?.throttledHours).toBe(0);
    expect(throttled(85)?.throttledHours).toBeGreaterThan(0);
    expect(throttled(85)?.requestsHarmed).toBeGreaterThan(0);
  });

  test('what an emulated app takes without a request grows with its workers', () => {
    const shape = { vcpuShare: 0.5, vcpus: 2, workers: 2 };
    const [micro] = size({ restVcpus: 0.02, target: shape }, ['t2.micro']).instances;
    // Two workers take 0.04 of such vCPUs, one takes 0.02; a request takes 2 ms of them, and a tenth more in slices.
    expect(micro?.sustainedPerS?.value).toBeCloseTo((0.1 - 0.02) / 0.0022, 3);
  });

  test('a type whose baseline the app uses up at rest is open, never one that fits up to nothing', () => {
    const [micro] = size({ restVcpus: 0.2 }, ['t2.micro']).instances;
    expect(micro).toMatchObject({ verdict: 'inconclusive', limitedBy: 'measurement' });
    expect(micro?.because).toEqual({ code: 'rest-uses-baseline' });
  });

  test('stages that all fill the machine tell nothing of a smaller one: open, and no figure is NaN', () => {
    const busy = { rates: [880, 900, 890], demandMs: 0.6, otherVcpus: 1.3 };
    const [micro] = size(busy, ['t2.micro'], { count: 'host' }).instances;
    // No program was seen to use the other 1.3 vCPUs.
    expect(micro?.checks).toContainEqual({
      limit: 'measurement',
      verdict: 'inconclusive',
      because: { code: 'rest-not-known', vcpus: expect.closeTo(1.3, 0) },
    });
    expect(JSON.stringify(micro)).not.toMatch(/NaN|null/);
  });

  test('a type that was measured itself has its own latency, also where the traffic is known', () => {
    const other = knownRun({ demandMs: 1, rates: [100, 900], p99Us: 77_000, target: { instanceType: 't2.micro' } });
    const seen = { others: [closed(other)], ...daily(10) };
    const [micro] = size({ target: { instanceType: 't2.medium' } }, ['t2.micro'], seen).instances;
    expect(micro?.latency?.p99Us).toBe(77_000);
  });

  test('a vCPU of another family does another amount of work, with the interval of the table', () => {
    const [t3] = size({}, ['t3.micro'], daily(10)).instances;
    const speed = t3?.notes.find(({ code }) => code === 'vcpu-speed') as SizingFinding<'vcpu-speed'>;
    expect(speed).toMatchObject({ instanceType: 't3.micro', of: 't2.micro' });
    expect(t3?.burstPerS?.value).toBeCloseTo(1000 * speed.ratio, 3);
    expect(textOf(speed)).toMatch(
      /^a vCPU of t3\.micro does 0\.\d\d \(0\.\d\d to \d\.\d\d\) of the work of a t2\.micro vCPU$/,
    );
  });

  test('where the speed of the core is known, the verdict is about the vCPU of EC2 and the rates stay those of the core', () => {
    // Half as fast as a T2, so that its vCPU is about two of these cores.
    const [micro] = size({ vcpuSpeed: slowCore }, ['t2.micro']).instances;
    const { vcpuOfACore, sustainedPerS } = micro?.onEc2 ?? {};
    expect(vcpuOfACore?.value).toBeGreaterThan(1.7);
    expect(micro?.sustainedPerS?.value).toBeCloseTo(100, 3);
    expect(sustainedPerS?.value).toBeCloseTo(100 * (vcpuOfACore?.value ?? 0), 3);
    expect(micro?.sustainableLoad?.sustainedPerS).toEqual(sustainedPerS);
    expect(textOf(micro?.summary as SizingFinding)).toMatch(/^fits up to \d+\/s on EC2 \(\d+ to \d+\)$/);
    const said = micro?.notes.map(textOf).join('. ');
    expect(said).toContain('rates on EC2 are those of vCPUs of the type');
    expect(said).not.toContain('absolute rates do not');
  });

  test('CPU time in the kernel follows the SET and the rest the fixed computation', () => {
    const probe = { fastestMs: 180, medianMs: 190, count: 20 };
    const vcpu = (more: Partial<Known>) =>
      size({ vcpuSpeed: fastCore, ...more }, ['t2.micro']).instances[0]?.onEc2?.vcpuOfACore;
    const [kernel, user, tenth] = [1, 0, 0.1].map((appSystemShare) => vcpu({ probe, appSystemShare }));
    const bySet = vcpu({});
    expect(kernel).toEqual({
      value: bySet?.value,
      low: expect.closeTo(bySet?.low ?? 0, 9),
      high: expect.closeTo(bySet?.high ?? 0, 9),
    });
    expect(user?.value).toBeCloseTo(
      relativeUserSpeed({ fixedWorkMs: 180, node: undefined }, 't2.micro')?.ratio ?? 0,
      9,
    );
    const timeOf = (of: typeof kernel) => 1 / (of?.value ?? 0);
    expect(timeOf(tenth)).toBeCloseTo(0.1 * timeOf(kernel) + 0.9 * timeOf(user), 9);
    const width = (of: typeof kernel) => (of?.high ?? 0) / (of?.low ?? 1);
    expect(width(tenth)).toBeLessThan(width(user));
    // What share is the kernel's is not known: the interval holds both.
    const open = vcpu({ probe });
    expect(open?.value).toBe(bySet?.value);
    expect(open?.low).toBeCloseTo(Math.min(bySet?.low ?? 0, user?.low ?? 0), 9);
    expect(open?.high).toBeCloseTo(Math.max(bySet?.high ?? 0, user?.high ?? 0), 9);
  });

  test('a traffic that a core serves and the vCPU of EC2 may not is inconclusive', () => {
    const at = daily(55);
    expect(size({}, ['t2.micro'], at).instances[0]?.verdict).toBe('fits');
    const [micro] = size({ vcpuSpeed: fastCore }, ['t2.micro'], at).instances;
    expect(micro).toMatchObject({ verdict: 'inconclusive', limitedBy: 'credits' });
  });
});

describe('a load that is light', () => {
  const light = { rates: [100] };

  test('tells nothing of full use: no rate that nobody measured, and open where the baseline is far from it', () => {
    const [micro, medium] = size(light, both).instances;
    expect(micro).toMatchObject({
      verdict: 'fits',
      sustainableLoad: { sustainedPerS: { value: expect.closeTo(100, 3) } },
    });
    expect(micro && textOf(micro.because)).toBe(
      'Sustains 100/s (62.7 to 165), 8.64 million requests a day; its burst rate was not measured',
    );
    expect(micro).not.toHaveProperty('burstPerS');
    expect(medium).toMatchObject({ verdict: 'inconclusive', limitedBy: 'measurement' });
    expect(medium?.because).toEqual({ code: 'load-too-light', usePercent: expect.closeTo(10, 6) });
    expect(medium).not.toHaveProperty('sustainableLoad');
    const alone = size(light, ['t2.medium']);
    const { nextExperiment } = alone.recommendation;
    expect(nextExperiment && textOf(nextExperiment)).toBe(
      'Repeat the run with a load that saturates the app: npm run stress -- --profile stress',
    );
    // Without traffic a valid measurement is an answer, however light its load was; with traffic it is none.
    expect(alone.exitCode).toBe(0);
    expect(size(light, ['t2.medium'], daily(900)).exitCode).toBe(4);
  });

  test('is one also in a closed stage on the type itself, and beside others on the host, and after a busy start', () => {
    const own = closed(knownRun({ demandMs: 1, rates: [50, 100], target: { instanceType: 't2.medium', vcpus: 2 } }));
    const [medium] = size({}, ['t2.medium'], own).instances;
    expect(medium).not.toHaveProperty('burstPerS');
    expect(medium?.verdict).toBe('inconclusive');
    const { run, observed } = knownRun({ demandMs: 1, rates: [50, 100] });
    const [rest, ...loads] = observed.stages;
    const started = { ...rest, metrics: { ...rest?.metrics, 'app.cpu': { min: 0, max: 90, avg: 60, samples: 10 } } };
    const busy = { run, observed: { ...observed, stages: [started, ...loads] as typeof observed.stages } };
    expect(size({}, ['t2.micro'], busy).instances[0]).not.toHaveProperty('burstPerS');
  });

  test('is none where throughput stopped rising', () => {
    const { run, observed } = knownRun({ demandMs: 1, rates: [100] });
    const saturated = { ...run, saturation: { stage: 'stage 1', connections: 8, throughputPerS: 100 } };
    expect(size({}, ['t2.micro'], { run: saturated, observed }).instances[0]).toHaveProperty('burstPerS');
  });

  test('tells what is near to it: traffic as light', () => {
    const at = (perS: number) => size(light, ['t2.micro'], daily(perS)).instances[0];
    expect(at(50)).toMatchObject({ verdict: 'fits', sustainedPerS: { value: expect.closeTo(100, 3) } });
    const because = at(50)?.checks.find(({ limit }) => limit === 'burst-cpu')?.because;
    expect(because && textOf(because)).toBe(
      'The peak hour needs 50.0/s, plus 20 % headroom; that is 5 % of the CPU of a t2.micro',
    );
    // One short stage may have been a slow spell: at 0.58 of its CPU a request, 150/s would do.
    expect(at(150)).toMatchObject({ verdict: 'inconclusive', limitedBy: 'credits' });
    expect(at(190)).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'credits' });
    expect(at(300)).toMatchObject({ verdict: 'inconclusive', limitedBy: 'measurement' });
    expect(size(light, ['t2.medium']).instances[0]).not.toHaveProperty('sustainedPerS');
  });

  test('is none that matters where the type itself was measured', () => {
    const own = closed(knownRun({ demandMs: 2, rates: [50, 450], target: { instanceType: 't2.micro' } }));
    const [micro] = size(light, ['t2.micro'], { others: [own] }).instances;
    expect(micro).toMatchObject({ verdict: 'fits', sustainableLoad: { burstPerS: { value: expect.closeTo(450, 0) } } });
    expect(micro).not.toHaveProperty('burstPerS');
  });
});

describe('the verdict', () => {
  test('fits: the smallest type and what it saves', () => {
    const sizing = size({}, both, daily(50));
    expect(sizing.instances.map(({ verdict }) => verdict)).toEqual(['fits', 'fits']);
    expect(sizing.recommendation).toMatchObject({
      code: 'recommend-type',
      instanceType: 't2.micro',
      comparedWith: 't2.medium',
      savesUsdPerMonth: expect.closeTo(25.4, 2),
    });
    expect(sizing.instances[0]?.usdPerMillionRequests).toBeCloseTo(8.468 / ((50 * 86_400 * 730) / 24 / 1e6), 6);
    expect(sizing.exitCode).toBe(0);
  });

  test('does not fit: a workload that is too large for every type has no type, and exit code 4', () => {
    const sizing = size({}, both, daily(5000));
    expect(sizing.instances.map(({ verdict }) => verdict)).toEqual(['does-not-fit', 'does-not-fit']);
    expect(sizing).toMatchObject({ exitCode: 4, recommendation: { code: 'recommend-larger' } });
  });

  test('memory is asked first', () => {
    const sizing = size({ rssBytes: 900 * 1024 ** 2 }, both, daily(50));
    expect(sizing.instances[0]).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'memory' });
    expect(sizing.instances[1]?.verdict).toBe('fits');
    expect(sizing.recommendation).toMatchObject({ code: 'recommend-type', instanceType: 't2.medium' });
  });

  test('then burst CPU, against the busiest hour', () => {
    const [micro] = size({}, ['t2.micro'], daily(1500)).instances;
    expect(micro).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'burst-cpu' });
  });

  test('then credits: how long they last, and what unlimited mode would cost', () => {
    const [micro] = size({}, ['t2.micro'], daily(200)).instances;
    expect(micro).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'credits' });
    expect(micro?.hoursToThrottle).toBeCloseTo(5, 2);
    expect(micro?.usdPerMonthUnlimited).toBeCloseTo(8.468 + 3.65, 2);
    expect(micro?.because).toMatchObject({ code: 'credits-run-out', percentOfBaseline: expect.closeTo(200, 3) });
    expect(micro && textOf(micro.because)).toMatch(
      /^Mean CPU use is 200 % of the baseline performance; the credits run out after 5 h, then the instance is throttled for/,
    );
  });

  test('credits are open when the demand is not known well enough, and the next experiment is named', () => {
    const sizing = size({ rates: [100, 500, 900], noise: 0.03 }, ['t2.micro'], daily(99));
    expect(sizing.instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'credits' });
    expect(sizing.instances[0]?.because).toMatchObject({ uncertain: true });
    const { nextExperiment } = sizing.recommendation;
    expect(nextExperiment).toMatchObject({
      code: 'next-rate',
      of: 'sustained',
      instanceType: 't2.micro',
      durationS: 600,
    });
    expect(nextExperiment && textOf(nextExperiment)).toMatch(
      /^Run 10 min at .*: npm run stress -- --instances t2.micro --emulate always --credits empty --rate \d+ --duration 600$/,
    );
    expect(sizing.exitCode).toBe(4);
  });

  test('then latency, where the run saw the same utilization', () => {
    const slow = { p99Us: 400_000, thresholds: ['latency.p99 < 100ms'] };
    const [micro] = size(slow, ['t2.micro'], daily(50)).instances;
    expect(micro).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'latency', latency: { stage: 'stage 1' } });
  });

  test('without traffic it is about the load that each type sustains, and asks for the traffic', () => {
    const sizing = size({}, both);
    expect(sizing.instances.map(({ verdict, limitedBy }) => [verdict, limitedBy])).toEqual([
      ['fits', 'credits'],
      ['fits', 'credits'],
    ]);
    const [micro] = sizing.instances;
    expect(micro?.sustainableLoad).toMatchObject({
      sustainedPerS: { value: expect.closeTo(100, 3) },
      burstPerS: { value: expect.closeTo(1000, 3) },
    });
    // 30 launch credits at a vCPU a minute, and 144 earned ones less what comes in meanwhile.
    expect(micro?.sustainableLoad?.hoursToThrottle).toEqual({
      launch: expect.closeTo(30 / 54, 2),
      full: expect.closeTo(144 / 54, 2),
    });
    expect(micro?.hoursToThrottle).toBeCloseTo(30 / 54, 2);
    expect(textOf(sizing.recommendation)).toMatch(
      /^t2\.micro sustains 100\/s \(66\.9 to 109\), 8\.64 million requests a day, and bursts to 1,000\/s .* It costs \$8\.47 a month, \$25\.40 less/,
    );
    const { nextExperiment } = sizing.recommendation;
    expect(nextExperiment && textOf(nextExperiment)).toBe(
      'Provide your traffic for a verdict, for example a million requests a day: npm run size -- runs/20261122-100000-known --on t2.micro,t2.medium --daily 1000000',
    );
    expect(sizing.exitCode).toBe(0);
  });

  test('the largest office day of a type fits it, a larger one is inconclusive, and one beyond the interval does not fit', () => {
    const day = size({}, ['t2.micro']).instances[0]?.sustainableLoad?.requestsPerOfficeDay ?? 0;
    const judge = (requests: number) =>
      size({}, ['t2.micro'], { traffic: dailyTraffic(requests, 'office'), start: 'empty' }).instances[0]?.verdict;
    expect(judge(day)).toBe('fits');
    expect(judge(1.1 * day)).toBe('inconclusive');
    expect(judge(1.8 * day)).toBe('does-not-fit');
  });

  test('memory that grows is gone in so many hours; half an hour of it decides', () => {
    const trend = {
      stage: 'stage 1',
      metric: 'app.mem.rss',
      unit: 'bytes' as const,
      perHour: { value: 60 * 1024 ** 2, low: 50 * 1024 ** 2, high: 75 * 1024 ** 2 },
      changes: 'grows' as const,
    };
    const soak = size({}, ['t2.micro'], { ...daily(50), trends: [trend] });
    expect(soak.instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'memory' });
    // 949 MiB less the app's 100 and the system's 180.
    expect(soak.instances[0]?.memory?.goneInHours).toEqual({
      low: expect.closeTo(669 / 75),
      high: expect.closeTo(669 / 50),
    });
    const because = soak.instances[0]?.because;
    expect(because && textOf(because)).toMatch(
      /^Memory grows: the rest is used up in 8 h 55 min to 13 h 23 min at this load, if the growth continues; needs 280 MiB of 949 MiB/,
    );
    expect(soak.recommendation.nextExperiment).toMatchObject({ code: 'next-soak', growth: true });
    const { run, observed } = knownRun({ demandMs: 1, rates: [100, 300, 600, 900] });
    const long = { ...run, stages: run.stages.map((stage) => ({ ...stage, durationS: 1900 })) };
    const whole = size({}, ['t2.micro'], { ...daily(50), run: long, observed, trends: [trend] });
    expect(whole.instances[0]).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'memory' });
    expect(
      size({}, ['t2.micro'], { ...daily(50), run: long, observed, trends: [{ ...trend, changes: 'none' }] })
        .instances[0],
    ).toMatchObject({ verdict: 'fits' });
  });

  test('without CPU data it is open and has no figures', () => {
    const sizing = size({}, both, { ...daily(50), observed: undefined });
    expect(sizing.exitCode).toBe(4);
    expect(sizing).not.toHaveProperty('serviceDemandMs');
    expect(sizing.instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'memory' });
    expect(sizing.instances[0]).not.toHaveProperty('burstPerS');
    expect(JSON.stringify(sizing)).not.toContain('null');
  });

  test('of a run that was stopped before its first measured stage is open, and the next experiment is the run itself', () => {
    const { run, observed } = knownRun({ demandMs: 1, rates: [] });
    const stopped = {
      ...run,
      status: 'interrupted' as const,
      statusReason: { code: 'legacy', text: 'stopped by SIGINT' },
    };
    const { recommendation, instances } = size({}, both, { run: stopped, observed });
    expect(instances[0]?.checks.map(({ because }) => because.code)).toEqual([
      'run-incomplete',
      'memory-of-app',
      'ended-before-measured-stage',
    ]);
    expect(
      size({}, both, { run: { ...knownRun({ demandMs: 1, rates: [100, 900] }).run, status: 'interrupted' } }).exitCode,
    ).toBe(4);
    expect(recommendation.nextExperiment).toEqual({ code: 'next-complete' });
    const answers = judge(stopped, observed).questions.flatMap(({ answers }) =>
      answers.map(({ sentences }) => sentences[0]?.code),
    );
    expect(answers.slice(0, 2)).toEqual(Array(2).fill('ended-before-measured-stage'));
  });

  test('memory that was scaled to the workers of a type says so', () => {
    const because = (type: string) => {
      const { memory } = size({ target: { vcpuShare: 0.5, vcpus: 2, workers: 2 } }, [type]).instances[0] ?? {};
      return memory && textOf(memory.because);
    };
    expect(because('t2.micro')).toMatch(
      /: app peak 50\.0 MiB with 1 worker \(scaled from 100 MiB with 2\), plus 180 MiB assumed/,
    );
    expect(because('t2.medium')).toMatch(/: app peak 100 MiB, plus 180 MiB assumed for the system$/);
  });

  test('dollars per million have no noise of binary fractions', () => {
    const [micro] = size({}, ['t2.micro'], { traffic: dailyTraffic(2_000_000, 'office') }).instances;
    expect(micro?.usdPerMillionRequests).toBe(0.1392);
  });

  test('credits that sink are gone some day, however late', () => {
    const sinking = size({}, ['t2.micro'], daily(101)).instances[0];
    // At the cheap end of the interval they last.
    expect(sinking).toMatchObject({ verdict: 'inconclusive', limitedBy: 'credits' });
    expect(sinking?.hoursToThrottle).toBeGreaterThan(24 * 7);
    expect(sinking?.day?.curve.at(-1)?.[0]).toBe(168);
    expect(size({}, ['t2.micro'], daily(60)).instances[0]).toMatchObject({ verdict: 'fits' });
  });

  test('builds reduce the sustained rate', () => {
    const built = (perDay: number) =>
      size({}, ['t2.micro'], { builds: { perDay, vcpus: 1, durationS: 86.4 } }).instances[0];
    // Ten of 86.4 s keep 0.01 vCPUs busy, which are 10 requests of 1 ms.
    expect(built(10)?.sustainableLoad?.sustainedPerS.value).toBeCloseTo(90, 3);
    expect(built(10)?.sustainableLoad?.buildVcpus).toBeCloseTo(0.01, 6);
    expect(built(500)).toMatchObject({
      verdict: 'does-not-fit',
      limitedBy: 'credits',
      because: { code: 'builds-use-all', buildVcpus: expect.closeTo(0.5, 6), ofBaseline: true },
    });
  });

  test('builds are not blamed for what the app takes at rest', () => {
    const builds = { perDay: 1, vcpus: 1, durationS: 1 };
    const [micro] = size({ restVcpus: 0.12 }, ['t2.micro'], { builds }).instances;
    expect(micro).toMatchObject({ verdict: 'inconclusive', limitedBy: 'measurement' });
    expect(micro?.because).toEqual({ code: 'rest-uses-baseline' });
  });

  test('a predicted rate is stated with its interval', () => {
    const [wide] = size({ noise: 0.3 }, ['t2.micro']).instances;
    expect(wide && textOf(wide.because)).toMatch(/^Sustains [\d.]+\/s \([\d.]+ to [\d.]+\), /);
    const [sure] = size({}, ['t2.micro']).instances;
    expect(sure && textOf(sure.because)).toMatch(/^Sustains 100\/s \(66\.9 to 109\), /);
  });

  test('latency of a stage on another type names that', () => {
    const checks = size({ target: { instanceType: 't2.medium', vcpus: 2 } }, ['t2.micro']).instances[0]?.checks;
    const because = checks?.find(({ limit }) => limit === 'latency')?.because;
    expect(because).toMatchObject({ code: 'burst-latency', measuredOn: 't2.medium' });
    expect(because && textOf(because)).toMatch(/^Burst p99 is 5\.00 ms \(stage ".*" of the t2\.medium at/);
  });

  test('of an invalid run is none', () => {
    const { run } = knownRun({ demandMs: 1, rates: [100, 300, 600] });
    const invalid = {
      ...run,
      validity: { verdict: 'invalid' as const, reasons: [{ code: 'legacy', text: 'the generator was late' }] },
    };
    const sizing = size({}, both, { ...daily(50), run: invalid });
    expect(sizing.instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'measurement' });
    expect(sizing.exitCode).toBe(4);
  });
});

describe('as text', () => {
  test('a line per type, the reasons, the recommendation and what was assumed', () => {
    const text = renderSizing(size({}, both, daily(200)), { color: false });
    expect(text).toMatch(/^t2\.micro\s+does not fit\s+CPU credits\s+1,000\/s\s+100\/s\s+5 h\s+8\.47/m);
    expect(text).toMatch(/^t2\.medium\s+fits/m);
    expect(text).toContain('t2.medium fits and costs $33.87 a month.');
    expect(text).toContain('CPU per request (app): 1.00 ms');
    expect(text).toContain('ratios between types carry over to EC2, absolute rates do not');
    expect(renderSizing(size({}, both), { color: true })).toContain('\u001b[33mfits up to 100/s');
  });
});
