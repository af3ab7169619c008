import { expect, test } from '@jest/globals';
import { renderLoadPerformance } from '../../render/load-performance.ts';
import { openRun } from '../../write.ts';
import { fixture } from '../fixture.ts';

test("the file has the four figures of GitLab's widget, in its units", async () => {
  const { judged } = (await openRun(fixture('complete'))).report;
  const { metrics } = JSON.parse(renderLoadPerformance(judged));
  const { outcomes, latencyUs, throughputPerS } = judged.measured;
  expect(metrics.checks).toEqual({ passes: outcomes.ok, fails: 0, value: 1 });
  expect(metrics.http_reqs).toEqual({ count: outcomes.ok, rate: throughputPerS });
  expect(metrics.http_req_waiting).toMatchObject({
    'p(90)': (latencyUs?.p90 ?? 0) / 1000,
    'p(95)': (latencyUs?.p95 ?? 0) / 1000,
  });
});

test('a figure that was not measured is absent', async () => {
  const { judged } = (await openRun(fixture('complete'))).report;
  const outcomes = { ok: 0, unexpectedStatus: 0, timeout: 0, connectionError: 0 };
  const { latencyUs: _, throughputPerS: __, ...measured } = judged.measured;
  expect(JSON.parse(renderLoadPerformance({ ...judged, measured: { ...measured, outcomes } }))).toEqual({
    metrics: {},
  });
});
