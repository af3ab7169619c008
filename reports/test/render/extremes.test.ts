// Runs that nobody plans: thousands of stages, one sample, a second without figures.
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RunRecord } from '../../../model/run-record.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { renderHtml } from '../../render/html.ts';
import { renderJunit } from '../../render/junit.ts';
import { renderMarkdown } from '../../render/markdown.ts';
import { summarizeReport } from '../../render/terminal.ts';
import type { Report } from '../../schema/report.ts';
import { judge } from '../../verdict/judge.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

let complete: Report;
beforeAll(async () => {
  complete = await readReport(fixture('complete'));
});

function reportOf(run: RunRecord): Report {
  const { observed: _, ...rest } = complete;
  return { ...rest, run, judged: judge(run, undefined) };
}

describe('ten thousand stages', () => {
  let report: Report;
  beforeAll(() => {
    const { saturation: _, ...run } = complete.run;
    const measured = run.stages.filter((stage) => stage.role === 'measured');
    const stages = Array.from({ length: 10_000 }, (_, index) => {
      const { latencyUs: _latency, ...stage } = measured[index % measured.length] as StageRecord;
      return { ...stage, name: `stage ${index}`, connections: index + 1, routes: {} };
    });
    report = reportOf({ ...run, stages });
  });

  test('make a page that a browser opens, and that says what it leaves out', () => {
    const html = renderHtml(report);
    expect(html.length).toBeLessThan(600_000);
    expect(html).toContain('The first 200 of 10,000 measured stages; report.json has all of them.');
    expect(html).toContain('Shows 200 of 10,000 stages.');
  });

  test('make a summary of 20 lines and a comment of readable length', () => {
    expect(summarizeReport(report.judged, { color: false }).split('\n').length).toBeLessThanOrEqual(25);
    expect(renderMarkdown(report).split('\n').length).toBeLessThan(60);
  });
});

describe('one stage', () => {
  test('without figures is drawn as no data', () => {
    const [stage] = complete.run.stages.filter((each) => each.role === 'measured');
    const { latencyUs: _, ...bare } = stage as StageRecord;
    const none = { ok: 0, unexpectedStatus: 0, timeout: 0, connectionError: 0 };
    const empty: StageRecord = {
      ...bare,
      durationS: 0,
      throughputPerS: 0,
      requests: { intended: 0, sent: 0, completed: 0, dropped: 0, open: 0 },
      outcomes: none,
      statusCounts: {},
      routes: {},
    };
    const { saturation: _saturation, ...run } = complete.run;
    const report = reportOf({ ...run, stages: [empty] });
    expect(report.judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4 });
    expect(report.judged.thresholds.map((each) => each.verdict)).toEqual(['no-data', 'no-data', 'no-data']);
    expect(renderHtml(report)).not.toMatch(/NaN|Infinity|undefined/);
    expect(renderJunit(report.judged, report.run)).toContain('errors="4"');
  });
});

test('a summary has colours only when told so', () => {
  const esc = String.fromCodePoint(0x1b);
  expect(summarizeReport(complete.judged, { color: true })).toContain(`${esc}[33mPASS${esc}[0m: `);
  expect(summarizeReport(complete.judged, { color: false })).not.toContain(esc);
});
