import { describe, expect, test } from '@jest/globals';
import type { Observed } from '../../../model/observed.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { makeObserved, makeRun, makeStage, steadyAt } from '../../../model/test/make-run.ts';
import { textOf } from '../../messages/text-of.ts';
import { renderHtml } from '../../render/html.ts';
import { summarizeReport } from '../../render/terminal.ts';
import { judge } from '../../verdict/judge.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

const probe = (ratePerS: number): StageRecord =>
  makeStage({ name: `probe ${ratePerS}/s`, kind: 'open', role: 'probe', durationS: 2, throughputPerS: ratePerS });

const run = makeRun({
  command: 'npm run stress -- --profile capacity',
  target: { ...makeRun().target, workers: 1 },
  profile: {
    ...makeRun().profile,
    name: 'capacity',
    stages: [
      {
        kind: 'capacity',
        name: 'capacity',
        from: 100,
        to: 50_000,
        durationS: 2,
        rounds: 2,
        arrivals: 'constant',
        maxConnections: 256,
        slo: ['latency.p99 < 100ms'],
      },
    ],
  },
  stages: [probe(800), probe(1200), probe(1050)],
  capacity: {
    arrivalRatePerS: 1000,
    low: 980,
    high: 1020,
    slo: ['latency.p99 < 100ms'],
    probes: [
      { arrivalRatePerS: 800, holds: true, stage: 0, reasons: [] },
      { arrivalRatePerS: 1200, holds: false, stage: 1, reasons: [{ code: 'queue-grew', text: 'a queue grew' }] },
      { arrivalRatePerS: 1050, holds: false, stage: 2, reasons: [{ code: 'queue-grew', text: 'a queue grew' }] },
    ],
  },
});

function observed(eventLoop: number): Observed {
  return makeObserved(run, (_, index) => ({
    'system.cpu.idle': steadyAt(60),
    'app.event_loop.utilization': steadyAt(index === 0 ? 40 : eventLoop),
    'app.cpu': steadyAt(40),
  }));
}

describe('a capacity run', () => {
  test('passes with the capacity, its interval and its limit in the headline', () => {
    const judged = judge(run, observed(99));
    expect(judged).toMatchObject({
      verdict: 'pass',
      exitCode: 0,
      capacity: { arrivalRatePerS: 1000, limitedBy: 'event loop' },
    });
    expect(textOf(judged.headline)).toBe(
      'The capacity is 1,000 requests/s (95 %: 980/s to 1,020/s) at latency.p99 < 100ms. Bottleneck: event loop',
    );
  });

  test('is limited by the SLO alone when nothing was saturated, and has no known limit without host metrics', () => {
    expect(judge(run, observed(50)).capacity?.limitedBy).toBe('SLO');
    expect(judge(run, undefined).capacity).toMatchObject({
      limitedBy: 'unknown',
      because: { code: 'no-host-metrics' },
    });
  });

  test('of an app that shows nothing of itself has no known limit', () => {
    const hostAlone = observed(50);
    const stages = hostAlone.stages.map((stage) => ({ ...stage, metrics: { 'system.cpu.idle': steadyAt(60) } }));
    expect(judge(run, { ...hostAlone, stages }).capacity).toMatchObject({
      limitedBy: 'unknown',
      because: { code: 'limit-not-observed', missing: ['app.event_loop.utilization', 'app.cpu'] },
    });
  });

  test('without a capacity has no verdict, and says why', () => {
    const { capacity: _, ...none } = run;
    const judged = judge(
      { ...none, warnings: [{ code: 'no-capacity', text: 'the SLO did not hold at 1/s' }] },
      observed(50),
    );
    expect(judged).toMatchObject({ verdict: 'no-verdict', exitCode: 4 });
    expect(textOf(judged.headline)).toContain('the SLO did not hold at 1/s');
    expect(judged).not.toHaveProperty('capacity');
  });

  test('that is invalid has no verdict, whatever it found', () => {
    expect(
      judge(
        { ...run, validity: { verdict: 'invalid', reasons: [{ code: 'legacy', text: 'the clock jumped' }] } },
        observed(50),
      ).exitCode,
    ).toBe(4);
  });
});

describe('the page of a capacity run', () => {
  test('shows the interval, the SLO and every probe, held and failed told apart, and no table of stages full of probes', async () => {
    const report = await readReport(fixture('capacity'));
    const html = renderHtml(report);
    expect(html).toContain('1,000/s to 1,030/s, from 19 probes');
    const wide = html.match(/<svg [^>]*class="chart-wide.*?<\/svg>/)?.[0] ?? '';
    expect(wide).toContain('SLO: 100 ms');
    expect(new Set(wide.match(/<title>[^<]* met the SLO: p99 [^;<]*/g)).size).toBe(11);
    expect(wide.match(/<path [^>]*class="failed"/g)?.length).toBeGreaterThanOrEqual(8);
    expect(html.match(/<caption[^>]*>Requests by stage.*?<\/table>/)?.[0]).not.toContain('probe');
    expect(html.match(/<caption[^>]*>Requests by probe.*?<\/table>/)?.[0]?.match(/<tr>/g)).toHaveLength(20);
  });

  test('draws no limit when the SLO speaks of no latency, and the latency that it speaks of otherwise', () => {
    const latencyOf = (slo: string) =>
      judge({ ...run, ...(run.capacity && { capacity: { ...run.capacity, slo: [slo] } }) }, undefined).capacity
        ?.latency;
    expect(latencyOf('errors.rate < 1%')).toEqual({ figure: 'p99' });
    expect(latencyOf('latency.p95 < 20ms')).toEqual({ figure: 'p95', limitUs: 20_000 });
  });

  test('fits in a summary of a few lines', async () => {
    const { judged } = await readReport(fixture('capacity'));
    expect(summarizeReport(judged, { color: false, columns: 400 }).split('\n')).toHaveLength(3);
  });
});
