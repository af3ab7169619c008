import { describe, expect, test } from '@jest/globals';
import { findInstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { textOf } from '../../messages/text-of.ts';
import { measuredType } from '../../sizing/rates/measured-type.ts';
import { sizeRuns } from '../../sizing/size-runs.ts';
import { judge } from '../../verdict/judge.ts';
import { blockRun } from '../block-runs.ts';

const types = ['t2.medium', 't2.micro'].map((name) => findInstanceType(name));
const both = () => [blockRun({ instanceType: 't2.medium' }), blockRun({ instanceType: 't2.micro' })] as const;
const tooFew = { verdict: 'invalid' as const, reasons: [{ code: 'too-few-clean-blocks', clean: 3, needed: 8 }] };

describe('a type that was measured in blocks', () => {
  test('has rates of whole vCPUs with the interval of its clean blocks', () => {
    const [medium, micro] = both();
    // 8,850/s on the one core that its two vCPUs shared, where a request cost more than on a vCPU of its own.
    expect(measuredType(medium)?.burst).toMatchObject({
      perS: expect.closeTo(20_000, 6),
      low: expect.closeTo(20_000 * (1 - Math.hypot(0.05, 1 - 0.95 / 1.07)), 6),
      high: expect.closeTo(20_000 * (1 + Math.hypot(0.05, 1.21 / 1.07 - 1)), 6),
      blocks: 8,
    });
    // The slices alone do not cost less on a vCPU of its own: 3,538/s times 1.07.
    expect(measuredType(medium)?.sustained).toMatchObject({ perS: expect.closeTo(3786, 6), blocks: 8 });
    expect(measuredType(micro)?.burst).toMatchObject({ perS: 10_000, low: 9500, high: 10_500 });
    expect(measuredType(micro)?.sustained).toMatchObject({
      perS: expect.closeTo(900, 6),
      low: expect.closeTo(855, 6),
      high: expect.closeTo(945, 6),
    });
  });

  test('says what sharing a core cost, where vCPUs shared one', () => {
    const notesOf = (seen: ReturnType<typeof blockRun>) =>
      sizeRuns([seen], types)?.sizing.instances[0]?.notes.map((each) => textOf(each)) ?? [];
    const [medium, micro] = both();
    expect(notesOf(medium).join()).toContain(
      'scaled to all vCPUs, and by 1.07 (0.95 to 1.21), because workers that share a core use more CPU per request',
    );
    expect(notesOf(micro).join()).not.toContain('share a core');
  });

  test('is scaled to whole vCPUs no further than its emulated network carries', () => {
    const { run, observed } = blockRun({ instanceType: 't2.medium', target: { networkMbps: 256 } });
    // 2,000 bytes and two packets of headers: 256 Mbit/s carry 15,009 requests/s, where the CPU would serve 20,000.
    const stages = run.stages.map((stage) => {
      const requests = { ...stage.requests, completed: 1000, sent: 1000 };
      return { ...stage, requests, bytes: { received: 2_000_000, sent: 100_000 } };
    });
    const { burst, sustained } = measuredType({ run: { ...run, stages }, observed }) ?? {};
    expect(burst?.perS).toBeCloseTo(256e6 / 8 / 2132, 3);
    expect(burst?.high).toBeCloseTo(256e6 / 8 / 2132, 3);
    expect(sustained?.perS).toBeCloseTo(3786, 6);
  });

  test('saturates at the rate of whole vCPUs, and the stage shows its own', () => {
    const { run, observed } = blockRun({ instanceType: 't2.medium' });
    const { saturation, busiest, headline } = judge(run, observed);
    expect(saturation).toMatchObject({ throughputPerS: expect.closeTo(20_000, 6), blocks: 8 });
    expect(saturation).toMatchObject({ stagePerS: expect.closeTo(10_000 / 1.07, 6), connections: 4 });
    expect(saturation).not.toHaveProperty('highest');
    expect(busiest?.stage).toBe('saturation');
    expect(textOf(headline)).toContain('Saturates at 20,000 requests/s (17,500 to 22,800) with 4 connections');
  });

  test('fits up to its sustained rate, with the interval', () => {
    const sizing = sizeRuns(both(), types)?.sizing;
    const micro = sizing?.instances[1];
    expect(micro).toMatchObject({ verdict: 'fits', limitedBy: 'credits' });
    expect(micro && textOf(micro.summary)).toBe('fits up to 900/s (855 to 945)');
  });

  test('has no verdict where too few blocks of its own run were clean, whatever was predicted for it', () => {
    const seen = [blockRun({ instanceType: 't2.medium' }), blockRun({ instanceType: 't2.micro', validity: tooFew })];
    const sizing = sizeRuns(seen, types)?.sizing;
    expect(sizing?.instances.map(({ verdict }) => verdict)).toEqual(['fits', 'inconclusive']);
    expect(sizing?.instances[1]).toMatchObject({ limitedBy: 'measurement', because: { code: 'run-invalid' } });
    expect(sizing?.recommendation).toMatchObject({ code: 'recommend-type', instanceType: 't2.medium' });
  });

  test('has none where the run that it is predicted from had too few', () => {
    const sizing = sizeRuns([blockRun({ instanceType: 't2.medium', validity: tooFew })], types)?.sizing;
    expect(sizing?.instances.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
    expect(sizing).toMatchObject({ exitCode: 4, recommendation: { code: 'recommend-undecided' } });
    const { run, observed } = blockRun({ instanceType: 't2.micro', validity: tooFew });
    expect(judge(run, observed)).toMatchObject({ verdict: 'no-verdict', exitCode: 4 });
  });

  test('has the rates of the undisturbed core, with a wider interval, where the machine was slow beside most blocks', () => {
    const medium = blockRun({ instanceType: 't2.medium', slower: [1, 1.3, 1.9] });
    const { burst, sustained } = measuredType(medium) ?? {};
    expect(burst).toMatchObject({ perS: expect.closeTo(20_000, -3), blocks: 8 });
    // In the median block a SET took 1.3 times: what is not known of the correction is 1.3 to the powers of 0.6 and -0.5.
    expect((burst?.high ?? 0) / 21_000).toBeCloseTo(1.3 ** 0.6, 1);
    expect((burst?.low ?? 0) / 19_000).toBeCloseTo(1.3 ** -0.5, 1);
    expect(sustained?.perS).toBeCloseTo(3800, -2);
    const { saturation, caveats } = judge(medium.run, medium.observed);
    expect(saturation?.throughputPerS).toBeCloseTo(20_000, -3);
    expect(caveats).toContainEqual(expect.objectContaining({ code: 'core-slowed', times: 1.3 }));
  });

  test('is predicted from a slow machine as from an undisturbed one', () => {
    const sustainedOf = (seen: ReturnType<typeof blockRun>) =>
      sizeRuns([seen], [findInstanceType('t2.micro')])?.sizing.instances[0]?.sustainedPerS?.value ?? 0;
    const slow = sustainedOf(blockRun({ instanceType: 't2.medium', slower: [1.3, 1.5] }));
    expect(Math.abs(slow / sustainedOf(both()[0]) - 1)).toBeLessThan(0.05);
  });

  test('corrects the blocks on a slow core alone: one of them moves the others by nothing', () => {
    const micro = blockRun({ instanceType: 't2.micro', clean: 7, slower: [1.5, 1, 1, 1, 1, 1, 1, 1] });
    expect(measuredType(micro)?.burst).toMatchObject({
      perS: expect.closeTo(10_000, -3),
      low: expect.closeTo(9500, -3),
    });
  });

  test('takes the undisturbed blocks alone, as measured, where they are enough', () => {
    const medium = blockRun({ instanceType: 't2.medium', clean: 12, slower: [1, 1.1, 1.9] });
    const { burst } = measuredType(medium) ?? {};
    expect(burst).toMatchObject({ blocks: 8 });
    expect(burst?.perS).toBeLessThan(19_900);
    expect(judge(medium.run, medium.observed).caveats).not.toContainEqual(
      expect.objectContaining({ code: 'core-slowed' }),
    );
  });

  describe('from an app of the user’s on one vCPU', () => {
    const target = { kind: 'url' } as const;
    const micro = blockRun({ instanceType: 't2.micro', target });
    // One worker alone shares its core with none.
    const medium = (workers: number) =>
      blockRun({ instanceType: 't2.medium', faster: workers === 1 ? 1.07 / 2 : 1, target: { ...target, workers } });
    const large = findInstanceType('t2.large');
    const note = { code: 'workers-unknown', workers: 1, most: 2 };

    test('is predicted for one busy vCPU, with an interval that reaches to two, and says so', () => {
      const [each] = sizeRuns([micro], [large])?.sizing.instances ?? [];
      expect(each?.burstPerS?.value).toBeCloseTo(10_000, -1);
      expect(each?.burstPerS?.low).toBeLessThan(9500);
      expect(each?.burstPerS?.high).toBeGreaterThan(20_000);
      expect(each?.sustainedPerS?.low).toBeLessThan(each?.sustainedPerS?.value ?? 0);
      expect(each?.notes).toContainEqual(note);
      expect(textOf({ ...note, code: 'workers-unknown' })).toContain('does not show whether the app keeps more than 1');
    });

    test.each([1, 2])('holds what a type of two vCPUs measures where it keeps %d of them busy', (workers) => {
      const { predictions = [] } = sizeRuns([micro, medium(workers)], types) ?? {};
      expect(predictions.find(({ state }) => state === 'burst')).toMatchObject({ held: true });
    });

    test.each([1, 2])('takes what another run showed: %d busy vCPUs', (workers) => {
      const [each] = sizeRuns([micro, medium(workers)], [large])?.sizing.instances ?? [];
      expect(each?.burstPerS?.value).toBeCloseTo(10_000 * workers, -1);
      expect(each?.burstPerS?.high).toBeLessThan(11_000 * workers);
      expect(each?.notes).not.toContainEqual(note);
    });

    test('knows it of the shortener, which starts a worker for each vCPU', () => {
      const [each] = sizeRuns([blockRun({ instanceType: 't2.micro' })], [large])?.sizing.instances ?? [];
      expect(each?.burstPerS?.value).toBeCloseTo(20_000, -1);
    });
  });

  test('is for looking where the user chose the share of a vCPU', () => {
    const { run, observed } = blockRun({ instanceType: 't2.micro' });
    const { vcpuShareAtBaseline: _, ...target } = run.target;
    const seen = { run: { ...run, target: { ...target, vcpuShare: 0.25 } }, observed };
    const [, micro] = sizeRuns([seen], types)?.sizing.instances ?? [];
    expect(micro).toMatchObject({ verdict: 'inconclusive', because: { code: 'vcpu-share-chosen', vcpuShare: 0.25 } });
    // Its rates are those of the share.
    expect(measuredType(seen)?.burst?.perS).toBe(10_000);
  });
});
