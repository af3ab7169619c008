// What a capacity search came to, and what keeps the rate from being higher.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { parseThreshold } from '../../model/threshold.ts';
import type { JudgedCapacity, Limit } from '../schema/judged.ts';
import { findLimit, unobserved } from './bottleneck.ts';

/** The capacity with its limit, read from the failed probe nearest above it; undefined when none was found or looked for. */
export function judgeCapacity(run: RunRecord, observed: Observed | undefined): JudgedCapacity | undefined {
  const { capacity } = run;
  if (!capacity) return undefined;
  const failed = capacity.probes.filter((probe) => !probe.holds);
  const above = failed
    .filter((probe) => probe.arrivalRatePerS >= capacity.low)
    .sort((a, b) => a.arrivalRatePerS - b.arrivalRatePerS);
  // One probe sees one or two samples of the host: the first of the nearest that shows something at its end.
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

/** Only when everything that could be at its end was looked at is it the SLO alone. */
function sloAlone(stages: readonly number[], limits: readonly Limit[], observed: Observed | undefined): Limit {
  if (!observed) return { limitedBy: 'unknown', because: 'the host was not observed' };
  const blind = limits.find((_, index) => unobserved(observed, stages[index] as number).length > 0);
  if (blind) return blind;
  const [nearest] = limits;
  return nearest
    ? { limitedBy: 'SLO', because: `the SLO is missed first: ${nearest.because}` }
    : { limitedBy: 'unknown', because: 'no probe failed above it' };
}
