// taurus.xml, read the way Jenkins' Performance plugin reads it.
import { describe, expect, test } from '@jest/globals';
import { renderTaurus } from '../../render/taurus.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

type Group = {
  readonly label: string;
  readonly value: (name: string) => string;
  readonly perc: (param: string) => number;
};

function groups(text: string): Group[] {
  return [...text.matchAll(/<Group label="([^"]*)">([\s\S]*?)<\/Group>/g)].map(([, label = '', body = '']) => ({
    label,
    value: (name) => new RegExp(`<${name} value="([^"]*)"/>`).exec(body)?.[1] ?? '',
    perc: (param) => Number(new RegExp(`<perc param="${param}" value="([^"]*)"/>`).exec(body)?.[1]),
  }));
}

describe('taurus.xml', () => {
  test('has all requests in the group without a label, and each route in its own', async () => {
    const { run, judged } = await readReport(fixture('complete'));
    const [all, ...routes] = groups(renderTaurus(run));
    const { ok, unexpectedStatus, timeout, connectionError } = judged.measured.outcomes;
    expect(all?.label).toBe('');
    // The plugin reads these as whole numbers and fails on anything else.
    expect(all?.value('succ')).toBe(String(ok));
    expect(all?.value('fail')).toBe(String(unexpectedStatus + timeout + connectionError));
    expect(all?.value('throughput')).toMatch(/^\d+$/);
    expect(all?.value('bytes')).toMatch(/^\d+$/);
    expect(routes.map(({ label }) => label)).toEqual(Object.keys(run.stages.at(-2)?.routes ?? {}).sort());
    const sum = routes.reduce((total, route) => total + Number(route.value('succ')), 0);
    expect(sum).toBe(ok);
  });

  test('tells times in seconds', async () => {
    const { run, judged } = await readReport(fixture('complete'));
    const [all] = groups(renderTaurus(run));
    expect(all?.perc('50.0')).toBeCloseTo((judged.measured.latencyUs?.p50 ?? 0) / 1e6, 6);
    expect(all?.perc('100.0')).toBeCloseTo((judged.measured.latencyUs?.max ?? 0) / 1e6, 6);
    expect(Number(all?.value('avg_rt'))).toBeCloseTo((judged.measured.latencyUs?.mean ?? 0) / 1e6, 5);
    expect(renderTaurus(run)).toContain(`<TestDuration>${judged.measured.durationS.toFixed(3)}</TestDuration>`);
  });

  test('of a run without an answer has no group: 0 ms would be a lie', async () => {
    const { run } = await readReport(fixture('no-data'));
    expect(groups(renderTaurus(run))).toEqual([]);
  });
});
