// Runs a profile against a target, stage after stage.
import type { ProfileStage } from '../../model/profile.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { LoadLine } from '../../model/second.ts';
import { isOpenBlock, type StageRecord } from '../../model/stage/stage-record.ts';
import type { BuildStage } from '../../model/stage-kinds/build.ts';
import type { CapacityStage } from '../../model/stage-kinds/capacity.ts';
import type { LadderStage } from '../../model/stage-kinds/ladder.ts';
import { loadFinding } from '../messages.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { beginProgress, type Progress, runOne } from './progress.ts';
import { findReconnecting } from './reconnecting.ts';
import { findRecovery } from './recovery.ts';
import { runCapacity } from './run-capacity.ts';
import { runReplay } from './run-replay.ts';
import type { PlainStage } from './run-stage.ts';
import { filledWith, findSaturation, isFlat } from './saturation.ts';
import { searchAtSlo } from './search-at-slo.ts';
import { warningsOf } from './stage-warnings.ts';
import { judgeBeside, judgeValidity } from './validity.ts';

type StageOf<K extends ProfileStage['kind']> = Extract<ProfileStage, { kind: K }>;

/** How each kind of stage is run. */
const runners: { readonly [K in ProfileStage['kind']]: (progress: Progress, stage: StageOf<K>) => Promise<void> } = {
  idle: runPlain,
  closed: runPlain,
  open: runPlain,
  ladder: climb,
  capacity: search,
  build: besideBuild,
  replay: runReplay,
};

/** Runs every stage of the profile, or as many as the target, the generators and the signal allow. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const progress = beginProgress(plan);
  try {
    for (const stage of plan.profile.stages) {
      if (progress.stop) break;
      await plan.turn?.meet();
      await (runners[stage.kind] as (progress: Progress, stage: ProfileStage) => Promise<void>)(progress, stage);
    }
  } finally {
    plan.turn?.leave();
  }
  judgeAgain(progress);
  const { stages, seconds, stop, died, found } = progress;
  const reconnecting = findReconnecting(stages);
  return {
    status: stop?.status ?? 'complete',
    ...(stop && { statusReason: stop.reason }),
    stages,
    ...found,
    ...speedChecksOf(plan),
    validity: judgeValidity(stages, seconds, died, plan.shard?.of),
    warnings: [
      ...progress.warnings,
      ...stages.flatMap((stage, number) =>
        warningsOf(
          stage,
          seconds.filter((line) => line.stage === number && !line.lead),
        ),
      ),
      ...(reconnecting ? [reconnecting] : []),
      ...judgeBeside(stages, seconds),
    ],
    use: generatorUse(stages, seconds),
  };
}

/** A stage that lay in a slow spell from end to end looked undisturbed then: at the end of the run more is known of the core. */
function judgeAgain(progress: Progress): void {
  const { stages, found, judgedAgain } = progress;
  for (const [number, record] of judgedAgain) stages[number] = record();
  const { saturation } = found;
  const measured = stages.find(({ name, blocks }) => blocks && name === saturation?.stage);
  if (saturation && measured) found.saturation = { ...saturation, throughputPerS: measured.throughputPerS };
  const atSlo = progress.atSlo?.();
  if (atSlo && 'capacity' in atSlo) found.capacityAtSlo = atSlo.capacity;
  if (atSlo?.missing) progress.warnings.push(loadFinding('no-capacity-at-slo', { reason: atSlo.missing }));
}

function speedChecksOf({ watch }: LoadPlan): Pick<LoadResult, 'probe'> {
  const probe = watch?.summary();
  return probe ? { probe } : {};
}

async function runPlain(progress: Progress, stage: PlainStage): Promise<void> {
  const result = await runOne(progress, stage);
  if (stage.kind === 'idle' || stage.kind === 'replay') return;
  const reference = progress.stages.find(({ name }) => name === stage.recoverTo);
  const recovery = reference && findRecovery(result.record, result.seconds, reference, progress.loaded);
  if (recovery) progress.found.recovery = recovery;
  progress.loaded = result;
}

/** Closed stages with more and more connections, until throughput stops rising. */
async function climb(progress: Progress, ladder: LadderStage): Promise<void> {
  const { stages, found } = progress;
  const first = stages.length;
  for (const connections of ladder.connections) {
    const name = `${connections} ${connections === 1 ? 'connection' : 'connections'}`;
    await runOne(progress, { kind: 'closed', name, connections, durationS: ladder.durationS, warmUp: false });
    if (progress.stop || isFlat(stages.slice(first), ladder.minGain)) break;
  }
  if (progress.stop) return;
  const rungs = stages.slice(first);
  const saturation = findSaturation(rungs, ladder.minGain);
  // Also where throughput still rose: that is a matter of two noisy rungs, and blocks are measured for the rate.
  const inBlocks = ladder.blocks && (await measureFull(progress, rungs, ladder.blocks));
  if (saturation) found.saturation = inBlocks ?? saturation;
  const startPerS = inBlocks?.throughputPerS ?? Math.max(...rungs.map((rung) => rung.throughputPerS));
  const start = { perS: startPerS, connections: filledWith(rungs) };
  if (ladder.atSlo && !progress.stop) await searchAtSlo(progress, ladder.atSlo, start);
}

/** Once more with as few connections as fill the target, in blocks: a rung alone is as wrong as its moment. */
async function measureFull(
  progress: Progress,
  rungs: readonly StageRecord[],
  { count, durationS, starts = 1 }: NonNullable<LadderStage['blocks']>,
): Promise<RunRecord['saturation']> {
  const name = 'saturation';
  const connections = filledWith(rungs);
  const asked = { kind: 'closed', name, connections, durationS, blocks: count, starts, warmUp: false } as const;
  const { record } = await runOne(progress, asked);
  return record.throughputPerS > 0 ? { throughputPerS: record.throughputPerS, connections, stage: name } : undefined;
}

async function search(progress: Progress, stage: CapacityStage): Promise<void> {
  const { durationS, arrivals, maxConnections } = stage;
  const result = await runCapacity({
    stage,
    seed: progress.plan.seed,
    calm: progress.plan.calm,
    runProbe: async (arrivalRatePerS) => {
      const number = progress.stages.length;
      const name = `probe ${arrivalRatePerS.toFixed(arrivalRatePerS < 100 ? 1 : 0)}/s`;
      const asked = {
        kind: 'open',
        name,
        arrivalRatePerS,
        durationS,
        arrivals,
        maxConnections,
        warmUp: false,
      } as const;
      const probe = await runOne(progress, asked, 'probe');
      return progress.stop ? undefined : { ...probe, number };
    },
  });
  // Where the edge is the generator's as well, the reader should know.
  if ('capacity' in result && result.late) progress.warnings.push(result.late);
  if ('capacity' in result) progress.found.capacity = result.capacity;
  else progress.warnings.push(loadFinding('no-capacity', { reason: result.missing }));
}

/** Before, beside and after the command: what of it is load answers one question alone, and no threshold. */
async function besideBuild(progress: Progress, stage: BuildStage): Promise<void> {
  const { name, arrivalRatePerS, durationS, longestS } = stage;
  const load = { kind: 'open', arrivalRatePerS, arrivals: 'constant', maxConnections: 256, warmUp: false } as const;
  // After seconds at rest an app fetches its code and data again.
  const beside = { ...load, durationS, cutS: Math.min(1, durationS / 2) };
  const parts = [
    { ...beside, name: `before ${name}` },
    { ...load, name, durationS: longestS, cutS: 0, during: true },
    { ...beside, name: `after ${name}` },
  ];
  for (const asked of parts) if (!progress.stop) await runOne(progress, asked, 'beside');
}

/** Event loop and CPU of the generators over the measured stages and probes; empty when none was measured. */
function generatorUse(stages: readonly StageRecord[], seconds: readonly LoadLine[]): LoadResult['use'] {
  const judged = ({ stage }: LoadLine) => {
    const of = stages[stage];
    return of !== undefined && ['measured', 'probe'].includes(of.role) && !isOpenBlock(of);
  };
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
