// load-performance.json in the shape of k6's summary, which GitLab's merge-request widget reads.
// https://docs.gitlab.com/ci/testing/load_performance_testing/
import type { Judged } from '../schema/judged.ts';

/** Times in milliseconds. `http_req_waiting` is headroom's latency, which ends with the last byte: no shorter than k6's. */
export function renderLoadPerformance({ measured }: Judged): string {
  const { outcomes, latencyUs, throughputPerS } = measured;
  const tried = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const times = latencyUs && {
    avg: latencyUs.mean / 1000,
    med: latencyUs.p50 / 1000,
    max: latencyUs.max / 1000,
    'p(90)': latencyUs.p90 / 1000,
    'p(95)': latencyUs.p95 / 1000,
    'p(99)': latencyUs.p99 / 1000,
  };
  const metrics = {
    ...(tried > 0 && {
      checks: { passes: outcomes.ok, fails: tried - outcomes.ok, value: outcomes.ok / tried },
      http_reqs: { count: tried, ...(throughputPerS !== undefined && { rate: throughputPerS }) },
    }),
    ...(times && { http_req_duration: times, http_req_waiting: times }),
  };
  return `${JSON.stringify({ metrics }, null, 1)}\n`;
}
