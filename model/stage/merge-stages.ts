// The same stage as several harnesses ran their parts of it, as one.

import { latencyOf } from '../latency/latency.ts';
import type { Latency } from '../latency/latency-schema.ts';
import { walksOf } from '../walk.ts';
import { mergeGeneratorFigures } from './generator-figures.ts';
import type { StageRecord } from './stage-record.ts';
import { differingOf } from './stage-result.ts';
import { sumByKey, sumOutcomes } from './sums.ts';
import { tracesOf } from './traces.ts';

const latencies = ['latencyUs', 'rawLatencyUs', 'scheduleLagUs', 'failedLatencyUs'] as const;

/** Counts added up, histograms merged bucket by bucket: the record that one harness would have made of the whole load. */
export function mergeStages(parts: readonly StageRecord[]): StageRecord {
  const [first] = parts;
  if (!first) throw new Error('nothing to merge');
  const finishedAt = parts
    .flatMap((part) => part.finishedAt ?? [])
    .sort()
    .at(-1);
  const aborted = parts.find((part) => part.aborted !== undefined)?.aborted;
  const total = (pick: (part: StageRecord) => number) => parts.reduce((sum, part) => sum + pick(part), 0);
  const optional = <Key extends string, Value>(key: Key, value: Value | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
  // The warm-up that any part still had is the warm-up of the whole.
  const steady = parts
    .flatMap((part) => part.steady ?? [])
    .sort((a, b) => Number(a.steady) - Number(b.steady) || b.cutS - a.cutS)[0];
  const uses = parts.flatMap((part) => part.generatorUse ?? []);
  const busiest = uses.length > 0 ? Math.max(...uses) : undefined;
  return {
    // Connections and arrival rate stand in each shard as those of the whole.
    ...first,
    startedAt: parts.map((part) => part.startedAt).sort()[0] as string,
    ...optional('finishedAt', finishedAt),
    durationS: Math.max(...parts.map((part) => part.durationS)),
    requests: sumByKey(parts.map((part) => part.requests)) as StageRecord['requests'],
    outcomes: sumOutcomes(parts.map((part) => part.outcomes)),
    statusCounts: sumByKey(parts.map((part) => part.statusCounts)),
    routes: mergeRoutes(parts),
    throughputPerS: total((part) => part.throughputPerS),
    ...Object.assign({}, ...latencies.map((key) => optional(key, mergeLatencies(parts.map((part) => part[key]))))),
    ...optional('generatorUse', busiest),
    ...optional('inFlightMean', first.inFlightMean === undefined ? undefined : total((part) => part.inFlightMean ?? 0)),
    ...mergeGeneratorFigures(parts),
    ...tracesOf(parts),
    ...differingOf(parts),
    ...walksOf(parts),
    ...optional('steady', steady),
    errors: sumByKey(parts.map((part) => part.errors)),
    ...optional('aborted', aborted),
  };
}

function mergeRoutes(parts: readonly StageRecord[]): StageRecord['routes'] {
  const names = [...new Set(parts.flatMap((part) => Object.keys(part.routes)))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const own = parts.flatMap((part) => part.routes[name] ?? []);
      const latencyUs = mergeLatencies(own.map((route) => route.latencyUs));
      const { ok = 0, failed = 0 } = sumByKey(own.map((route) => ({ ok: route.ok, failed: route.failed })));
      return [name, { ok, failed, ...(latencyUs && { latencyUs }) }];
    }),
  );
}

function mergeLatencies(parts: readonly (Latency | undefined)[]): Latency | undefined {
  return latencyOf(parts.map((part) => part?.histogram));
}
