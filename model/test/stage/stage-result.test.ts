import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../latency/histogram.ts';
import type { LoadLine, StageEndLine, StageLine } from '../../second.ts';
import { mergeLatency, stageFromLines } from '../../stage/stage-result.ts';
import { recordUs } from '../latency/record-us.ts';

function encoded(...values: number[]): string {
  const histogram = createHistogram();
  for (const value of values) recordUs(histogram, value);
  return encodeHistogram(histogram);
}

const begin: StageLine = {
  kind: 'stage',
  stage: 1,
  name: '2 connections',
  stageKind: 'closed',
  role: 'measured',
  connections: 2,
  startedAt: '2026-01-01T00:00:00.000Z',
};

function second(generator: number, at: number, changes: Partial<LoadLine>): LoadLine {
  return {
    kind: 'load',
    stage: 1,
    generator,
    at: new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString(),
    durationS: 1,
    sent: 0,
    outcomes: { ok: 0, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    statusCounts: {},
    routes: {},
    open: 0,
    eventLoopUtilization: 0.5,
    cpuS: 0.5,
    ...changes,
  };
}

const end = (generator: number, changes: Partial<StageEndLine> = {}): StageEndLine => ({
  kind: 'stage-end',
  stage: 1,
  generator,
  finishedAt: '2026-01-01T00:00:02.000Z',
  routeLatencyUs: {},
  errors: {},
  ...changes,
});

describe('stageFromLines', () => {
  test('counts nothing of the lead of a block but the errors of its connections', () => {
    const answered = { ok: 900, unexpectedStatus: 0, timeout: 0, connectionError: 0 };
    const lead = second(0, 0, { sent: 900, outcomes: answered, latencyUs: encoded(90_000), lead: true });
    const block = second(0, 1, { sent: 50, outcomes: { ...answered, ok: 50 }, latencyUs: encoded(200) });
    const record = stageFromLines(
      begin,
      [lead, block],
      [
        end(0, { lead: true, routeLatencyUs: { home: encoded(90_000) }, errors: { ECONNRESET: 1 } }),
        end(0, { routeLatencyUs: {} }),
      ],
    );
    expect(record).toMatchObject({ durationS: 1, throughputPerS: 50, outcomes: { ok: 50 }, errors: { ECONNRESET: 1 } });
    expect(record.latencyUs?.max).toBeLessThan(300);
    expect(record.routes).toEqual({});
  });

  const lines = [
    second(0, 0, {
      sent: 4,
      outcomes: { ok: 2, unexpectedStatus: 1, timeout: 0, connectionError: 0 },
      statusCounts: { 302: 2, 500: 1 },
      routes: { redirect: { ok: 2, failed: 1 } },
      latencyUs: encoded(100, 200),
      open: 1,
    }),
    second(0, 1, {
      sent: 3,
      outcomes: { ok: 1, unexpectedStatus: 0, timeout: 1, connectionError: 1 },
      statusCounts: { 302: 1 },
      routes: { redirect: { ok: 1, failed: 2 } },
      latencyUs: encoded(300, 5_000_000),
      open: 1,
    }),
    second(1, 0, {
      sent: 2,
      outcomes: { ok: 2, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
      statusCounts: { 200: 2 },
      routes: { home: { ok: 2, failed: 0 } },
      latencyUs: encoded(400, 500),
    }),
  ];
  const ends = [
    end(0, {
      routeLatencyUs: { redirect: encoded(100, 200, 300) },
      failedLatencyUs: encoded(7),
      errors: { ECONNRESET: 1 },
    }),
    end(1),
  ];
  const stage = stageFromLines(begin, lines, ends);

  test('adds counts over seconds and generators, and keeps the books balanced', () => {
    expect(stage.requests).toEqual({ intended: 9, sent: 9, completed: 6, dropped: 0, open: 1 });
    expect(stage.outcomes).toEqual({ ok: 5, unexpectedStatus: 1, timeout: 1, connectionError: 1 });
    expect(stage.statusCounts).toEqual({ 200: 2, 302: 3, 500: 1 });
    expect(stage.requests.sent).toBe(
      stage.requests.completed + stage.outcomes.timeout + stage.outcomes.connectionError + stage.requests.open,
    );
  });

  test('what a generator still held is what it counted, so that a lost request shows', () => {
    const counted = (open: number) => stageFromLines(begin, lines, [end(0, { open }), end(1)]).requests.open;
    expect([counted(1), counted(0)]).toEqual([1, 0]);
  });

  test('throughput is all completions over the longest generator', () => {
    expect(stage.durationS).toBe(2);
    expect(stage.throughputPerS).toBe(3);
  });

  test('latency merges exactly; failures are kept apart', () => {
    expect(stage.latencyUs).toMatchObject({ count: 6, p50: 300 });
    expect(stage.latencyUs?.max).toBeGreaterThanOrEqual(5_000_000);
    expect(stage.failedLatencyUs).toMatchObject({ count: 1, max: 7 });
    expect(stage.routes).toMatchObject({
      redirect: { ok: 3, failed: 3, latencyUs: { count: 3 } },
      home: { ok: 2, failed: 0 },
    });
    expect(stage.routes.home).not.toHaveProperty('latencyUs');
  });

  test('the order of the lines does not matter', () => {
    expect(stageFromLines(begin, [...lines].reverse(), [...ends].reverse())).toEqual(stage);
  });

  test('a stage that was cut off before its first second has no latency, not a zero', () => {
    const cut = stageFromLines(begin, [], []);
    expect(cut).not.toHaveProperty('latencyUs');
    expect(cut).not.toHaveProperty('finishedAt');
    expect(cut.requests.sent).toBe(0);
  });

  test('a stall without an answer in the first seconds is no latency of 0 to be cut as a warm-up', () => {
    const open: StageLine = { ...begin, stageKind: 'open', arrivalRatePerS: { from: 1, to: 1 } };
    const answered = (at: number) =>
      second(0, at, { sent: 1, outcomes: { ok: 1, unexpectedStatus: 0, timeout: 0, connectionError: 0 } });
    const steadyUs = encoded(1000);
    const stalled = Array.from({ length: 60 }, (_, at) =>
      at < 5 ? second(0, at, { sent: 1 }) : { ...answered(at), latencyUs: steadyUs },
    );
    expect(stageFromLines(open, stalled, []).steady).toMatchObject({ cutS: 0, steady: true });
  });

  test('a ramp is not asked to settle; a cut that its profile asks for is made', () => {
    const ramp: StageLine = { ...begin, stageKind: 'open', arrivalRatePerS: { from: 1, to: 100 } };
    const rising = Array.from({ length: 60 }, (_, at) => second(0, at, { latencyUs: encoded(1000 * (at + 1)) }));
    expect(stageFromLines(ramp, rising, [])).not.toHaveProperty('steady');
    expect(stageFromLines({ ...ramp, cutS: 15 }, rising, [])).toMatchObject({
      steady: { cutS: 15, method: 'fixed' },
      latencyUs: { count: 45 },
    });
  });

  test('mergeLatency over stages counts every request once', () => {
    expect(mergeLatency([stage, stage])?.count).toBe(12);
    expect(mergeLatency([])).toBeUndefined();
  });
});
