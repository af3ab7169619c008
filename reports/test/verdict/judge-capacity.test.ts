import { describe, expect, test } from '@jest/globals';
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord, StageRecord } from '../../../model/run-record.ts';
import { textOf } from '../../messages/text-of.ts';
import { renderHtml } from '../../render/html.ts';
import { summarizeReport } from '../../render/terminal.ts';
import { judge } from '../../verdict/judge.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

const probe = (rate: number): StageRecord => ({
  name: `probe ${rate}/s`,
  kind: 'open',
  role: 'probe',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationS: 2,
  requests: { intended: rate * 2, sent: rate * 2, completed: rate * 2, dropped: 0, open: 0 },
  outcomes: { ok: rate * 2, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
  statusCounts: { 200: rate * 2 },
  routes: {},
  throughputPerS: rate,
  errors: {},
});

const run: RunRecord = {
  schemaVersion: 2,
  id: 'a',
  status: 'complete',
  startedAt: '2026-01-01T00:00:00.000Z',
  command: 'npm run stress -- --profile capacity',
  target: { url: 'http://127.0.0.1:8000', kind: 'shortener', startedByHarness: true, workers: 1 },
  generator: { hostname: 'h', platform: 'p', cpuModel: 'c', cores: 2, memoryGiB: 4, versions: {}, processes: 1 },
  profile: {
    name: 'capacity',
    description: '',
    timeoutS: 5,
    thresholds: [],
    autostop: [],
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
  routes: [],
  stages: [probe(800), probe(1200), probe(1050)],
  thresholds: [],
  validity: { verdict: 'valid', reasons: [] },
  warnings: [],
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
};

const figure = (avg: number) => ({ min: avg, max: avg, avg, samples: 2 });

function observed(eventLoop: number): Observed {
  const calm = {
    name: '',
    metrics: { 'system.cpu.idle': figure(60), 'app.event_loop.utilization': figure(40), 'app.cpu': figure(40) },
    services: {},
  };
  const edge = { ...calm, metrics: { ...calm.metrics, 'app.event_loop.utilization': figure(eventLoop) } };
  return { schemaVersion: 1, run: 'a', sources: [], stages: [calm, edge, edge], measured: {} };
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
    const stages = hostAlone.stages.map((stage) => ({ ...stage, metrics: { 'system.cpu.idle': figure(60) } }));
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
    expect(html).toContain('95 % interval: 1,003/s to 1,028/s, from 19 probes');
    const wide = html.match(/<svg [^>]*class="chart-wide".*?<\/svg>/)?.[0] ?? '';
    expect(wide).toContain('SLO: 100 ms');
    expect(new Set(wide.match(/<title>[^<]* held:/g)).size).toBe(11);
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
    expect(summarizeReport(judged, { color: false }).split('\n')).toHaveLength(2);
  });
});
