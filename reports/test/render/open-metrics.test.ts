import { describe, expect, test } from '@jest/globals';
import { renderOpenMetrics } from '../../render/open-metrics.ts';
import { readReport } from '../../write.ts';
import { fixture, situations } from '../fixture.ts';

/** A sample, or one of the comments of OpenMetrics 1.0. */
const line = /^(# (TYPE|UNIT|HELP) [a-z_]+ .+|# EOF|[a-z_]+\{([a-z]+="(\\[\\n"]|[^"\\\n])*",?)+\} -?[\d.e+-]+)$/;

describe('renderOpenMetrics', () => {
  test.each(situations)('%s is well formed and has no sample twice', async (situation) => {
    const lines = renderOpenMetrics((await readReport(fixture(situation))).judged)
      .trimEnd()
      .split('\n');
    expect(lines.filter((each) => !line.test(each))).toEqual([]);
    expect(lines.at(-1)).toBe('# EOF');
    const samples = lines.filter((each) => !each.startsWith('#')).map((each) => each.slice(0, each.lastIndexOf(' ')));
    expect(new Set(samples).size).toBe(samples.length);
  });

  test('speaks in seconds and ratios', async () => {
    const { judged } = await readReport(fixture('complete'));
    const text = renderOpenMetrics(judged);
    const stage = judged.stages.find((each) => each.role === 'measured');
    expect(text).toContain(
      `headroom_latency_seconds{run="${judged.run}",stage="1 connection",role="measured",number="0",quantile="0.5"} ${(stage?.latencyUs?.p50 ?? 0) / 1e6}\n`,
    );
    expect(text).toContain(`headroom_verdict{run="${judged.run}",verdict="pass"} 1\n`);
  });

  test('tells the stage without credits apart, and what each type carries', async () => {
    const { judged } = await readReport(fixture('complete'));
    const [first, ...others] = judged.stages.filter(({ role }) => role === 'measured');
    if (!first) throw new Error('no stage');
    const text = renderOpenMetrics({ ...judged, stages: [{ ...first, role: 'sustained' }, ...others] });
    expect(text).toContain(`stage="${first.name}",role="sustained",number="0"} ${first.throughputPerS}\n`);
    const micro = judged.sizing?.types.find(({ instanceType }) => instanceType === 't2.micro');
    expect(text).toContain(`headroom_type_fits{run="${judged.run}",type="t2.micro"} 1\n`);
    expect(text).toContain(
      `headroom_type_requests_per_second{run="${judged.run}",type="t2.micro",state="sustained",how="predicted"} ${micro?.sustainedPerS?.value}\n`,
    );
  });

  test('has no sample for what was not measured', async () => {
    const { judged } = await readReport(fixture('no-data'));
    expect(renderOpenMetrics(judged)).not.toMatch(/headroom_(latency|saturation|host)/);
  });
});
