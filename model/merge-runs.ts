// One run from the shards that several harnesses ran.
import type { Finding } from './finding.ts';
import { modelFinding } from './messages.ts';
import type { RunRecord } from './run-record.ts';
import { mergeStages } from './stage/merge-stages.ts';
import { UserError } from './user-error.ts';

/** Shards whose clocks differ by more did not send their load together. */
const skewLimitMs = 1000;

/**
 * The record of the whole load. Throws a UserError when the runs are no shards of one profile; a missing or partial shard, and
 * clocks that differ, are said in validity, since the sum is then not what was asked for.
 */
export function mergeRuns(runs: readonly RunRecord[], id: string): RunRecord {
  const [first] = runs;
  if (!first) throw new UserError('give the folders of the shards to merge');
  const of = first.shard?.of;
  for (const run of runs) {
    if (!run.shard) throw new UserError(`${run.id} is not a shard: it was made without --shard`);
    if (run.shard.of !== of || run.shard.startAt !== first.shard?.startAt) {
      throw new UserError(`${run.id} is shard ${run.shard.index}/${run.shard.of} of another run than ${first.id}`);
    }
    if (JSON.stringify(run.profile) !== JSON.stringify(first.profile)) {
      throw new UserError(`${run.id} ran another profile than ${first.id}`);
    }
    // Of one schedule, dealt by its seed; and the sum is of one target.
    if (run.seed !== first.seed) {
      throw new UserError(`${run.id} drew its arrivals from another --seed than ${first.id}`);
    }
    if (run.target.url !== first.target.url) {
      throw new UserError(`${run.id} loaded ${run.target.url}, ${first.id} ${first.target.url}`);
    }
    const twin = runs.find((each) => each !== run && each.shard?.index === run.shard?.index);
    if (twin) throw new UserError(`${run.id} and ${twin.id} are the same shard, ${run.shard.index}/${run.shard.of}`);
  }
  const there = new Set(runs.map((run) => run.shard?.index));
  const missing = Array.from({ length: of ?? 0 }, (_, index) => index + 1).filter((index) => !there.has(index));
  const reasons = [
    ...missing.map((index) => modelFinding('shard-missing', { shard: `${index}/${of}` })),
    ...runs
      .filter((run) => run.status !== 'complete')
      .map((run) => modelFinding('shard-not-complete', { shard: shardOf(run), status: run.status })),
    ...clockReasons(runs),
    ...runs.flatMap((run) =>
      run.validity.reasons.map((reason) => modelFinding('shard-reason', { shard: shardOf(run), reason })),
    ),
  ];
  const invalid = runs.some((run) => run.validity.verdict === 'invalid') || missing.length > 0;
  const { shard: _, recovery: __, ...rest } = first;
  const recovery = slowestRecovery(runs);
  const finishedAt = runs
    .flatMap((run) => run.finishedAt ?? [])
    .sort()
    .at(-1);
  return {
    ...rest,
    id,
    status: runs.every((run) => run.status === 'complete') ? 'complete' : 'aborted',
    ...(finishedAt !== undefined && { finishedAt }),
    generator: mergeGenerators(runs),
    // A shard that was cut off has not all of them.
    stages: Array.from({ length: Math.max(...runs.map((run) => run.stages.length)) }, (_, index) =>
      mergeStages(runs.flatMap((run) => run.stages[index] ?? [])),
    ),
    ...(recovery && { recovery }),
    validity: { verdict: reasons.length === 0 ? 'valid' : invalid ? 'invalid' : 'inconclusive', reasons },
    warnings: [
      modelFinding('shards-merged', { merged: runs.length, of, runs: runs.map((run) => run.id) }),
      ...withoutTwins(runs.flatMap((run) => run.warnings)),
    ],
  };
}

/** All processes; their use is the mean of all and the busiest of any. */
function mergeGenerators(runs: readonly RunRecord[]): RunRecord['generator'] {
  const { eventLoopUtilization: _, cpuPercent: __, ...machine } = (runs[0] as RunRecord).generator;
  const over = (key: 'eventLoopUtilization' | 'cpuPercent') => {
    const parts = runs.flatMap(({ generator }) => {
      const use = generator[key];
      return use === undefined ? [] : [{ ...use, processes: generator.processes }];
    });
    if (parts.length === 0) return {};
    const processes = parts.reduce((sum, part) => sum + part.processes, 0);
    const mean = parts.reduce((sum, part) => sum + part.mean * part.processes, 0) / processes;
    return { [key]: { mean, max: Math.max(...parts.map(({ max }) => max)) } };
  };
  return {
    ...machine,
    processes: runs.reduce((sum, run) => sum + run.generator.processes, 0),
    ...over('eventLoopUtilization'),
    ...over('cpuPercent'),
  };
}

/** The target is back when every shard sees it so. */
function slowestRecovery(runs: readonly RunRecord[]): RunRecord['recovery'] {
  const each = runs.flatMap(({ recovery }) => recovery ?? []);
  return each.find(({ recovered }) => !recovered) ?? each.sort((a, b) => (b.afterS ?? 0) - (a.afterS ?? 0))[0];
}

/** By how much the shards' clocks differ, each measured against the target's. */
function clockReasons(runs: readonly RunRecord[]): Finding[] {
  if (runs.length < 2) return [];
  const shards = runs.filter((run) => !run.shard?.clock).map(shardOf);
  if (shards.length > 0) return [modelFinding('shard-clock-unknown', { shards })];
  const clocks = runs.flatMap((run) => run.shard?.clock ?? []);
  const skewMs =
    Math.max(...clocks.map((clock) => clock.offsetMs)) - Math.min(...clocks.map((clock) => clock.offsetMs));
  const uncertaintyMs = 2 * Math.max(...clocks.map((clock) => clock.uncertaintyMs));
  if (skewMs - uncertaintyMs <= skewLimitMs) return [];
  return [modelFinding('shard-clocks-differ', { skewMs })];
}

function shardOf({ shard }: RunRecord): string {
  return `${shard?.index}/${shard?.of}`;
}

/** What several shards found alike is said once. */
function withoutTwins(findings: readonly Finding[]): Finding[] {
  const byContent = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...byContent.values()];
}
