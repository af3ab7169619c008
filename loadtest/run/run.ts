// Runs a profile against a target, stage after stage.
import type { Finding } from '../../model/finding.ts';
import type { CapacityStage, Profile } from '../../model/profile.ts';
import type { RunRecord, StageRecord } from '../../model/run-record.ts';
import type { LoadLine } from '../../model/second.ts';
import { loadFinding } from '../messages.ts';
import type { LoadPlan, LoadResult, StopReason } from './load-plan.ts';
import { nextShardStart } from './next-shard-start.ts';
import { findRecovery } from './recovery.ts';
import { runCapacity } from './run-capacity.ts';
import { type PlainStage, runStage, type StageResult } from './run-stage.ts';
import { findSaturation, isFlat } from './saturation.ts';
import { judgeValidity } from './validity.ts';

type Ladder = Extract<Profile['stages'][number], { kind: 'ladder' }>;

/** Runs every stage of the profile, or as many as the target, the generators and the signal allow. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const stages: StageRecord[] = [];
  const seconds: LoadLine[] = [];
  const warnings: Finding[] = [];
  let saturation: RunRecord['saturation'];
  let capacity: RunRecord['capacity'];
  let recovery: RunRecord['recovery'];
  let stop: StopReason | undefined;
  let died: Finding | undefined;
  let nextStartAt = plan.shard?.startAt;

  const runOne = async (stage: PlainStage, role?: 'probe'): Promise<StageResult> => {
    const startAt = nextStartAt;
    if (startAt !== undefined) {
      nextStartAt = nextShardStart(startAt, stage.durationS, plan.profile.timeoutS);
      if (Date.now() > startAt)
        warnings.push(loadFinding('stage-late', { stage: stage.name, lateMs: Date.now() - startAt }));
    }
    const result = await runStage(plan, stages.length, stage, {
      ...(role && { role }),
      ...(startAt !== undefined && { startAt }),
    });
    stages.push(result.record);
    // Spread, the lines of a long stage would overflow the stack.
    for (const line of result.seconds) seconds.push(line);
    plan.onStage(stages);
    died ??= result.generatorDied;
    if (plan.signal.aborted) stop = plan.signal.reason as StopReason;
    else if (result.record.aborted !== undefined) stop = { status: 'aborted', reason: result.record.aborted };
    else if (isDead(result.record))
      stop = { status: 'aborted', reason: loadFinding('nothing-answered', { stage: stage.name }) };
    return result;
  };

  const climb = async (ladder: Ladder): Promise<void> => {
    const first = stages.length;
    for (const connections of ladder.connections) {
      const name = `${connections} ${connections === 1 ? 'connection' : 'connections'}`;
      await runOne({ kind: 'closed', name, connections, durationS: ladder.durationS, warmUp: false });
      if (stop || isFlat(stages.slice(first), ladder.minGain)) break;
    }
    // A ladder that was cut off has not shown where it would have ended.
    if (!stop) saturation = findSaturation(stages.slice(first), ladder.minGain);
  };

  const search = async (stage: CapacityStage): Promise<void> => {
    const found = await runCapacity({
      stage,
      seed: plan.seed,
      calm: plan.calm,
      runProbe: async (arrivalRatePerS) => {
        const number = stages.length;
        const { durationS, arrivals, maxConnections } = stage;
        const name = `probe ${arrivalRatePerS.toFixed(arrivalRatePerS < 100 ? 1 : 0)}/s`;
        const probe = await runOne(
          { kind: 'open', name, arrivalRatePerS, durationS, arrivals, maxConnections, warmUp: false },
          'probe',
        );
        return stop ? undefined : { ...probe, number };
      },
    });
    if ('capacity' in found) capacity = found.capacity;
    else warnings.push(loadFinding('no-capacity', { reason: found.missing }));
  };

  let loaded: Parameters<typeof findRecovery>[3];
  for (const stage of plan.profile.stages) {
    if (stop) break;
    if (stage.kind === 'ladder') await climb(stage);
    else if (stage.kind === 'capacity') await search(stage);
    else {
      const done = await runOne(stage);
      const { record, seconds: own } = done;
      const reference = stage.kind === 'idle' ? undefined : stages.find((each) => each.name === stage.recoverTo);
      if (reference) recovery = findRecovery(record, own, reference, loaded);
      if (stage.kind !== 'idle') loaded = done;
    }
  }
  for (const { name, steady, command } of stages) {
    if (steady?.steady === false) warnings.push(loadFinding('stage-not-steady', { stage: name }));
    if (command && command.exitCode !== 0)
      warnings.push(loadFinding('command-failed', { stage: name, how: command.signal ?? `exit ${command.exitCode}` }));
  }
  return {
    status: stop?.status ?? 'complete',
    ...(stop && { statusReason: stop.reason }),
    stages,
    ...(saturation && { saturation }),
    ...(capacity && { capacity }),
    ...(recovery && { recovery }),
    validity: judgeValidity(stages, seconds, died, plan.shard?.of),
    warnings,
    use: generatorUse(stages, seconds),
  };
}

/** A stage may be too short for its own watchdog. */
function isDead({ kind, requests, outcomes }: StageRecord): boolean {
  return kind !== 'idle' && requests.completed === 0 && requests.open + outcomes.timeout + outcomes.connectionError > 0;
}

function generatorUse(stages: readonly StageRecord[], seconds: readonly LoadLine[]): LoadResult['use'] {
  const judged = (line: LoadLine) => ['measured', 'probe'].includes(stages[line.stage]?.role ?? '');
  const measured = seconds.filter((line) => judged(line) && line.durationS > 0.5);
  if (measured.length === 0) return {};
  const over = (values: readonly number[]) => ({
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: values.reduce((most, value) => Math.max(most, value), 0),
  });
  return {
    eventLoopUtilization: over(measured.map((line) => line.eventLoopUtilization)),
    cpuPercent: over(measured.map((line) => (line.cpuS / line.durationS) * 100)),
  };
}
