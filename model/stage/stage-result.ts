// Makes a stage's record from its lines: the same way while the run goes and when a killed run is read back.

import { type Block, blockFigure } from '../block.ts';
import { latencyOf } from '../latency/latency.ts';
import type { Latency } from '../latency/latency-schema.ts';
import { present } from '../present.ts';
import type { DifferingAnswers, LoadLine, StageEndLine, StageLine } from '../second.ts';
import { walksOf } from '../walk.ts';
import { afterCut, inCountedBlocks, warmUpOf } from './counted-seconds.ts';
import { generatorFigures } from './generator-figures.ts';
import type { StageRecord } from './stage-record.ts';
import { sum, sumByKey, sumOutcomes } from './sums.ts';
import { loadDurationS, throughput } from './throughput.ts';
import { tracesOf } from './traces.ts';

/** The record of one stage from its begin line, its seconds, the generators' end lines (one a block) and its blocks, in any order. */
export function stageFromLines(
  begin: StageLine,
  allSeconds: readonly LoadLine[],
  allEnds: readonly StageEndLine[],
  blocks: readonly Block[] = [],
): StageRecord {
  const seconds = allSeconds.filter(({ lead }) => !lead);
  const ends = allEnds.filter(({ lead }) => !lead);
  const outcomes = sumOutcomes(seconds.map((line) => line.outcomes));
  const sent = sum(seconds.map((line) => line.sent));
  const completed = outcomes.ok + outcomes.unexpectedStatus;
  const durationS = loadDurationS(begin, seconds, ends);
  const judged = blocks.length === 0 && ['measured', 'sustained', 'beside'].includes(begin.role);
  const steady = judged ? warmUpOf(begin, seconds) : undefined;
  const kept = steady && steady.cutS > 0 ? afterCut(seconds, steady.cutS) : inCountedBlocks(seconds, blocks);
  const latencyUs = latencyOf(kept.map((line) => line.latencyUs));
  const rawLatencyUs = latencyOf(ends.map((line) => line.rawLatencyUs));
  const scheduleLagUs = latencyOf(kept.map((line) => line.lagUs));
  const failedLatencyUs = latencyOf(ends.map((line) => line.failedLatencyUs));
  const finishedAt = ends
    .map((line) => line.finishedAt)
    .sort()
    .at(-1);
  const aborted = allEnds.find((line) => line.aborted !== undefined)?.aborted;
  const { name, stageKind: kind, role, connections, arrivalRatePerS, arrivals, maxConnections, startedAt } = begin;
  const generatorUse = kind === 'idle' ? undefined : busiestGenerator(seconds);
  const inFlightS = sum(seconds.map((line) => line.inFlightS ?? 0));
  return {
    ...present({ name, kind, role, connections, arrivalRatePerS, arrivals, maxConnections, startedAt, finishedAt }),
    durationS,
    requests: { ...requestCounts(seconds), sent, completed, open: leftOpen(seconds, ends) },
    outcomes,
    statusCounts: sumByKey(seconds.map((line) => line.statusCounts)),
    routes: routeResults(seconds, ends),
    throughputPerS: blockFigure(blocks)?.value ?? throughput(begin, kept),
    ...present({ steady, latencyUs, rawLatencyUs, scheduleLagUs }),
    ...(kind === 'open' && durationS > 0 && { inFlightMean: inFlightS / durationS }),
    ...present({ generatorUse }),
    ...(kind !== 'idle' && generatorFigures(seconds, ends)),
    ...present({ failedLatencyUs }),
    ...differingOf(ends),
    ...tracesOf(allEnds),
    ...walksOf(ends),
    errors: sumByKey(allEnds.map((line) => line.errors)),
    ...(blocks.length > 0 && { blocks: [...blocks] }),
    ...present({ aborted }),
  };
}

/** The latency figures over several stages, exactly as if they had been one; absent when none has any. */
export function mergeLatency(stages: readonly StageRecord[]): Latency | undefined {
  return latencyOf(stages.map((stage) => stage.latencyUs?.histogram));
}

/** Mean event-loop use of the busiest generator: one that is at its end holds its own share of the load back. */
function busiestGenerator(seconds: readonly LoadLine[]): number | undefined {
  const byGenerator = new Map<number, { busyS: number; ofS: number }>();
  for (const { generator, durationS, eventLoopUtilization } of seconds) {
    const { busyS, ofS } = byGenerator.get(generator) ?? { busyS: 0, ofS: 0 };
    byGenerator.set(generator, { busyS: busyS + eventLoopUtilization * durationS, ofS: ofS + durationS });
  }
  const uses = [...byGenerator.values()].flatMap(({ busyS, ofS }) => (ofS > 0 ? [busyS / ofS] : []));
  return uses.length > 0 ? Math.max(...uses) : undefined;
}

/** Of a replay: those of all generators, or of all shards, together. */
export function differingOf(
  parts: readonly { readonly differing?: readonly DifferingAnswers[] }[],
): Pick<StageRecord, 'differing'> {
  const found = parts.flatMap(({ differing }) => differing ?? []);
  if (!parts.some(({ differing }) => differing)) return {};
  const byKey = new Map<string, DifferingAnswers>();
  for (const each of found) {
    const key = `${each.route} ${each.inLog} ${each.status}`;
    byKey.set(key, { ...each, requests: each.requests + (byKey.get(key)?.requests ?? 0) });
  }
  return { differing: [...byKey.values()].sort((a, b) => b.requests - a.requests) };
}

/** A closed stage intends what it sends. */
function requestCounts(seconds: readonly LoadLine[]) {
  const [late, repeated] = [sum(seconds.map((line) => line.late ?? 0)), sum(seconds.map((line) => line.repeated ?? 0))];
  return {
    intended: sum(seconds.map((line) => line.intended ?? line.sent)),
    dropped: sum(seconds.map((line) => line.dropped ?? 0)),
    ...(late > 0 && { late }),
    ...(repeated > 0 && { repeated }),
  };
}

/** What each generator said that it still held, in all blocks, or, when it came to no end, had without an answer at last. */
function leftOpen(seconds: readonly LoadLine[], ends: readonly StageEndLine[]): number {
  const held = new Map<number, number>();
  for (const { generator, open } of ends)
    if (open !== undefined) held.set(generator, (held.get(generator) ?? 0) + open);
  const last = new Map<number, LoadLine>();
  for (const line of seconds) {
    const known = last.get(line.generator);
    if (!known || line.at >= known.at) last.set(line.generator, line);
  }
  const unended = [...last.keys()].filter((generator) => !held.has(generator));
  return sum([...held.values(), ...unended.map((generator) => last.get(generator)?.open ?? 0)]);
}

function routeResults(seconds: readonly LoadLine[], ends: readonly StageEndLine[]): StageRecord['routes'] {
  const names = new Set(seconds.flatMap((line) => Object.keys(line.routes)));
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const counts = seconds.map((line) => line.routes[name]).filter((each) => each !== undefined);
      const latencyUs = latencyOf(ends.map((line) => line.routeLatencyUs[name]));
      const [ok, failed] = [sum(counts.map((each) => each.ok)), sum(counts.map((each) => each.failed))];
      return [name, { ok, failed, ...present({ latencyUs }) }];
    }),
  );
}
