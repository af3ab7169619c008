// What a capacity search came to, and what keeps the rate from being higher.
import type { Observed } from '../model/observed.ts';
import type { RunRecord } from '../model/run-record.ts';
import { parseThreshold } from '../model/threshold.ts';
import type { JudgedCapacity } from './judged.ts';
import { findLimit } from './limit.ts';

/** The capacity with its limit, read from the failed probe nearest above it; undefined when none was found or looked for. */
export function judgeCapacity(run: RunRecord, observed: Observed | undefined): JudgedCapacity | undefined {
  const { capacity } = run;
  if (!capacity) return undefined;
  const failed = capacity.probes.filter((probe) => !probe.holds);
  const above = failed
    .filter((probe) => probe.arrivalRatePerS >= capacity.low)
    .sort((a, b) => a.arrivalRatePerS - b.arrivalRatePerS);
  // One probe sees one or two samples of the host: the first of the nearest that shows something at its end.
  const limits = above.slice(0, nearestProbes).map((probe) => findLimit(run, observed, probe.stage));
  const limit = limits.find((each) => each.limitedBy !== 'unknown') ?? sloAlone(limits[0]?.because, observed);
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

function sloAlone(
  because: string | undefined,
  observed: Observed | undefined,
): Pick<JudgedCapacity, 'limitedBy' | 'because'> {
  if (!observed) return { limitedBy: 'unknown', because: 'the host was not observed' };
  return because === undefined
    ? { limitedBy: 'unknown', because: 'no probe failed above it' }
    : { limitedBy: 'SLO', because: `the SLO is missed first: ${because}` };
}
