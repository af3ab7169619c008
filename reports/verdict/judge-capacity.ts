// The result of a capacity search, and what keeps the rate from being higher.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { parseThreshold } from '../../model/threshold.ts';
import type { JudgedCapacity, Limit } from '../schema/judged.ts';
import { found } from '../schema/verdict-findings.ts';
import { findLimit, unobserved } from './bottleneck.ts';

/** The capacity with its limit, read from the failed probes nearest above it; undefined without a search, or when it found none. */
export function judgeCapacity(run: RunRecord, observed: Observed | undefined): JudgedCapacity | undefined {
  const { capacity } = run;
  if (!capacity) return undefined;
  const failed = capacity.probes.filter((probe) => !probe.holds);
  const above = failed
    .filter((probe) => probe.arrivalRatePerS >= capacity.low)
    .sort((a, b) => a.arrivalRatePerS - b.arrivalRatePerS);
  // One probe has one or two samples of the host: the first of the nearest that shows a bottleneck counts.
  const nearest = above.slice(0, nearestProbes).map(({ stage }) => stage);
  const limits = nearest.map((stage) => findLimit(run, observed, stage));
  const limit = limits.find((each) => each.limitedBy !== 'unknown') ?? sloAlone(nearest, limits, observed);
  return { ...capacity, ...limit, latency: findLatency(capacity.slo) };
}

const figures = ['p50', 'p90', 'p95', 'p99', 'p999', 'max', 'mean'] as const;

function findLatency(slo: readonly string[]): JudgedCapacity['latency'] {
  for (const { metric, operator, limit } of slo.map(parseThreshold)) {
    const figure = figures.find((each) => metric === `latency.${each}`);
    if (figure && operator.startsWith('<')) return { figure, limitUs: limit };
  }
  return { figure: 'p99' };
}

const nearestProbes = 5;

/** It is the SLO alone only when every possible bottleneck was measured. */
function sloAlone(stages: readonly number[], limits: readonly Limit[], observed: Observed | undefined): Limit {
  if (!observed) return { limitedBy: 'unknown', because: found('no-host-metrics', {}) };
  const blind = limits.find((_, index) => unobserved(observed, stages[index] as number).length > 0);
  if (blind) return blind;
  const [nearest] = limits;
  return nearest
    ? { limitedBy: 'SLO', because: found('slo-missed-first', {}) }
    : { limitedBy: 'unknown', because: found('no-probe-failed', {}) };
}
