// Makes a stage's record from its lines: the same way while the run goes and when a killed run is read back.
import { type Block, blockFigure, countedBlocks } from '../block.ts';
import { mergeHistograms } from '../latency/histogram.ts';
import { latencyOf } from '../latency/latency.ts';
import type { Latency, StageRecord } from '../run-record.ts';
import type { DifferingAnswers, LoadLine, Outcomes, StageEndLine, StageLine } from '../second.ts';
import { generatorFigures } from './generator-figures.ts';
import { fixedCut, type SteadyState, shortestToSettleS, steadyState } from './steady.ts';

/** The record of one stage from its begin line, its seconds, the generators' end lines (one a block) and its blocks, in any order. */
export function stageFromLines(
  begin: StageLine,
  seconds: readonly LoadLine[],
  ends: readonly StageEndLine[],
  blocks: readonly Block[] = [],
): StageRecord {
  const outcomes = sumOutcomes(seconds.map((line) => line.outcomes));
  const sent = sum(seconds.map((line) => line.sent));
  const completed = outcomes.ok + outcomes.unexpectedStatus;
  const dropped = sum(seconds.map((line) => line.dropped ?? 0));
  const durationS = loadDurationS(begin, seconds, ends);
  const judged = blocks.length === 0 && ['measured', 'sustained', 'beside'].includes(begin.role);
  const steady = judged ? warmUpOf(begin, seconds) : undefined;
  const kept = steady && steady.cutS > 0 ? afterCut(seconds, steady.cutS) : inCountedBlocks(seconds, blocks);
  const latencyUs = latencyOf(kept.map((line) => line.latencyUs));
  const rawLatencyUs = latencyOf(ends.map((line) => line.rawLatencyUs));
  const scheduleLagUs = latencyOf(seconds.map((line) => line.lagUs));
  const failedLatencyUs = latencyOf(ends.map((line) => line.failedLatencyUs));
  const generatorUse = begin.stageKind === 'idle' ? undefined : busiestGenerator(seconds);
  const finishedAt = ends
    .map((line) => line.finishedAt)
    .sort()
    .at(-1);
  const aborted = ends.find((line) => line.aborted !== undefined)?.aborted;
  return {
    name: begin.name,
    kind: begin.stageKind,
    role: begin.role,
    ...(begin.connections !== undefined && { connections: begin.connections }),
    ...(begin.arrivalRatePerS && { arrivalRatePerS: begin.arrivalRatePerS }),
    ...(begin.arrivals && { arrivals: begin.arrivals }),
    ...(begin.maxConnections !== undefined && { maxConnections: begin.maxConnections }),
    startedAt: begin.startedAt,
    ...(finishedAt && { finishedAt }),
    durationS,
    requests: { intended: intended(seconds), sent, completed, dropped, open: leftOpen(seconds, ends) },
    outcomes,
    statusCounts: sumByKey(seconds.map((line) => line.statusCounts)),
    routes: routeResults(seconds, ends),
    throughputPerS: blockFigure(blocks)?.value ?? throughput(begin, kept),
    ...(steady && { steady }),
    ...(latencyUs && { latencyUs }),
    ...(rawLatencyUs && { rawLatencyUs }),
    ...(scheduleLagUs && { scheduleLagUs }),
    ...(begin.stageKind === 'open' &&
      durationS > 0 && { inFlightMean: sum(seconds.map((line) => line.inFlightS ?? 0)) / durationS }),
    ...(generatorUse !== undefined && { generatorUse }),
    ...(begin.stageKind !== 'idle' && generatorFigures(seconds, ends)),
    ...(failedLatencyUs && { failedLatencyUs }),
    ...differingOf(ends),
    errors: sumByKey(ends.map((line) => line.errors)),
    ...(blocks.length > 0 && { blocks: [...blocks] }),
    ...(aborted !== undefined && { aborted }),
  };
}

/** The latency figures over several stages, exactly as if they had been one; absent when none has any. */
export function mergeLatency(stages: readonly StageRecord[]): Latency | undefined {
  return latencyOf(stages.map((stage) => stage.latencyUs?.histogram));
}

/** Adds outcomes up. */
export function sumOutcomes(parts: readonly Outcomes[]): Outcomes {
  return {
    ok: sum(parts.map((part) => part.ok)),
    unexpectedStatus: sum(parts.map((part) => part.unexpectedStatus)),
    timeout: sum(parts.map((part) => part.timeout)),
    connectionError: sum(parts.map((part) => part.connectionError)),
  };
}

/** As profiles allow. */
const longestStageS = 7 * 86_400;

/**
 * Where the warm-up ends: where the profile says, or by MSER-5 on latency (open) or throughput (closed) second by second. A ramp has no
 * level to settle at, so none is searched for.
 */
function warmUpOf(begin: StageLine, seconds: readonly LoadLine[]): SteadyState | undefined {
  if (begin.cutS !== undefined) return fixedCut(begin.cutS);
  if (begin.arrivalRatePerS && begin.arrivalRatePerS.from !== begin.arrivalRatePerS.to) return undefined;
  const bySecond = new Map<number, LoadLine[]>();
  const first = firstSecond(seconds);
  for (const line of seconds) {
    // A piece of a second at the end is no second.
    if (line.durationS < 0.5) continue;
    const second = Math.round((Date.parse(line.at) - first) / 1000);
    const known = bySecond.get(second);
    if (known) known.push(line);
    else bySecond.set(second, [line]);
  }
  if (bySecond.size === 0) return undefined;
  const lastSecond = [...bySecond.keys()].reduce((most, second) => Math.max(most, second));
  // A clock that was set in between says nothing of the seconds.
  if (lastSecond > longestStageS) return undefined;
  const inOrder = Array.from({ length: lastSecond + 1 }, (_, second) => bySecond.get(second) ?? []);
  if (inOrder.length < shortestToSettleS) return steadyState(inOrder.map(() => 0));
  const rate = (lines: readonly LoadLine[]) =>
    lines.length === 0 ? undefined : sum(lines.map(({ outcomes }) => outcomes.ok + outcomes.unexpectedStatus));
  const latencyMean = (lines: readonly LoadLine[]) => {
    const recorded = present(lines.map((line) => line.latencyUs));
    return recorded.length === 0 ? undefined : mergeHistograms(recorded).mean;
  };
  return steadyState(inOrder.map((lines) => (begin.stageKind === 'open' ? latencyMean(lines) : rate(lines))));
}

function afterCut(seconds: readonly LoadLine[], cutS: number): LoadLine[] {
  // A second belongs to what it mostly lies in.
  const from = firstSecond(seconds) + (cutS - 0.5) * 1000;
  return seconds.filter((line) => Date.parse(line.at) >= from);
}

/** The seconds that lie in blocks that count; all of them where none does. */
function inCountedBlocks(seconds: readonly LoadLine[], blocks: readonly Block[]): readonly LoadLine[] {
  const counted = countedBlocks(blocks).map(({ startedAt, durationS }) => {
    const from = Date.parse(startedAt);
    return { from, to: from + durationS * 1000 };
  });
  if (counted.length === 0) return seconds;
  return seconds.filter(({ at }) => counted.some(({ from, to }) => Date.parse(at) >= from && Date.parse(at) < to));
}

/** When the load began, in ms since 1970: an open stage begins a little after its line. */
function firstSecond(seconds: readonly LoadLine[]): number {
  return seconds.reduce((first, line) => Math.min(first, Date.parse(line.at)), Number.POSITIVE_INFINITY);
}

/** Completions per second of load; generators run side by side, so the longest of them counts. */
function throughput(begin: StageLine, seconds: readonly LoadLine[]): number {
  const inTime = sumOutcomes(seconds.filter((line) => line.durationS > 0).map((line) => line.outcomes));
  const durationS = begin.stageKind === 'idle' ? 0 : loadDurationS(begin, seconds, []);
  return durationS > 0 ? (inTime.ok + inTime.unexpectedStatus) / durationS : 0;
}

/** Generators run side by side, so the seconds of one of them, the longest, are the stage's. */
function loadDurationS(begin: StageLine, seconds: readonly LoadLine[], ends: readonly StageEndLine[]): number {
  if (begin.stageKind === 'idle') {
    const finished = ends.map((line) => Date.parse(line.finishedAt));
    return finished.length === 0 ? 0 : (Math.max(...finished) - Date.parse(begin.startedAt)) / 1000;
  }
  const byGenerator = new Map<number, number>();
  for (const line of seconds) byGenerator.set(line.generator, (byGenerator.get(line.generator) ?? 0) + line.durationS);
  return Math.max(0, ...byGenerator.values());
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

/** Of a replay: those of all generators together. */
function differingOf(ends: readonly StageEndLine[]): Pick<StageRecord, 'differing'> {
  const found = ends.flatMap((line) => line.differing ?? []);
  if (!ends.some((line) => line.differing)) return {};
  const byKey = new Map<string, DifferingAnswers>();
  for (const each of found) {
    const key = `${each.route} ${each.inLog} ${each.status}`;
    byKey.set(key, { ...each, requests: each.requests + (byKey.get(key)?.requests ?? 0) });
  }
  return { differing: [...byKey.values()].sort((a, b) => b.requests - a.requests) };
}

/** A closed stage intends what it sends. */
function intended(seconds: readonly LoadLine[]): number {
  return sum(seconds.map((line) => line.intended ?? line.sent));
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
      const counts = present(seconds.map((line) => line.routes[name]));
      const latencyUs = latencyOf(ends.map((line) => line.routeLatencyUs[name]));
      return [
        name,
        {
          ok: sum(counts.map((each) => each.ok)),
          failed: sum(counts.map((each) => each.failed)),
          ...(latencyUs && { latencyUs }),
        },
      ];
    }),
  );
}

/** Adds records up, key by key. */
export function sumByKey(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const record of records)
    for (const [key, value] of Object.entries(record)) total[key] = (total[key] ?? 0) + value;
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
