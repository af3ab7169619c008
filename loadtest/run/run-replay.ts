// A replayed log: a warm-up with its mix, on an emulated instance the prediction of when CPU credits run out, then the log itself.
import { setTimeout as wait } from 'node:timers/promises';
import type { ReplayRecord } from '../../model/replay-record.ts';
import type { ReplayStage } from '../../model/stage-kinds/replay.ts';
import { loadFinding } from '../messages.ts';
import { type Schedule, sampleSchedule } from '../replay/schedule.ts';
import type { LoadPlan, ReplayPlan } from './load-plan.ts';
import { predictThrottle, type UsePoint } from './predict-throttle.ts';
import { type Progress, runOne } from './progress.ts';
import type { ReplayPart } from './replay-orders.ts';
import type { StageResult } from './run-stage.ts';

/** Samples at the rates of calm, usual and busy seconds, in turn: what drifts meets all of them alike. */
const samples = 6;
const sampleS = 5;
/** Of a sample, counted from its order: later than connections are opened for it, and before they are closed, which takes 0.3 s of CPU time. */
const [steadyFromS, steadyToS] = [1.8, 5];
/** Of the seconds, that are calmer than the lowest rate, and busier than the highest. */
const [calmest, busiest] = [0.2, 0.05];
/** A sample of fewer requests says nothing of their CPU. */
const fewest = 20;

export async function runReplay(progress: Progress, stage: ReplayStage): Promise<void> {
  const { replay, shard, seed } = progress.plan;
  if (!replay) throw new Error(`stage ${stage.name} has no log`);
  const { schedule } = replay;
  const partOf = (
    name: string,
    durationS: number,
    arrivals: Pick<Schedule, 'atS' | 'request'>,
    peakPerS: number,
  ): ReplayPart => {
    const { maxConnections } = stage;
    return { kind: 'replay', name, durationS, arrivals, peakPerS, maxConnections, cutS: 0, warmUp: true };
  };
  const sample = (name: string, ratePerS: number, durationS: number, turn: number): Promise<StageResult> => {
    const arrivals = sampleSchedule(schedule, { ratePerS, durationS, seed: seed + turn });
    return runOne(progress, partOf(name, durationS, arrivals, ratePerS * 2));
  };
  progress.found.replay = replay.record;
  const rates = typicalRates(schedule);
  if (stage.warmUpS > 0) await sample('warm-up', rates.high, stage.warmUpS, 1);
  if (replay.bank && !shard) {
    const points: UsePoint[] = [];
    for (let turn = 0; turn < samples && !progress.stop; turn++) {
      const rate = [rates.low, rates.mean, rates.high][turn % 3] ?? rates.mean;
      const [{ record }, cores] = await Promise.all([
        sample(`sample ${turn + 1}`, rate, sampleS, turn + 2),
        steadyCores(progress.plan),
      ]);
      const { completed } = record.requests;
      if (cores !== undefined && completed >= fewest)
        points.push({ ratePerS: completed / sampleS, vcpus: cores / replay.bank.vcpuShare });
    }
    if (!progress.stop && points.length > 1) predict(progress, replay, points);
  }
  if (progress.stop) return;
  const part = partOf(stage.name, schedule.durationS, schedule, schedule.peakPerS);
  grade(progress, replay, await runOne(progress, { ...part, warmUp: stage.warmUp }));
}

/** Cores that the app uses while a sample that begins now is steady; undefined where it is not known, or the run was stopped meanwhile. */
async function steadyCores({ cpuS, signal }: Pick<LoadPlan, 'cpuS' | 'signal'>): Promise<number | undefined> {
  if (!cpuS) return undefined;
  const readAfter = async (seconds: number) => {
    // Where the run was stopped, the signal says so below.
    await wait(1000 * seconds, undefined, { signal }).catch(() => {});
    return { atS: performance.now() / 1000, usedS: cpuS().appCpuS };
  };
  const from = await readAfter(steadyFromS);
  const to = await readAfter(steadyToS - steadyFromS);
  if (signal.aborted || from.usedS === undefined || to.usedS === undefined) return undefined;
  return (to.usedS - from.usedS) / (to.atS - from.atS);
}

/** Requests a second: in calm seconds, over the whole, and in the busiest seconds. */
function typicalRates({ atS, durationS }: Schedule) {
  const sorted = countPerSecond({ atS, durationS }).sort((a, b) => a - b);
  const mean = atS.length / durationS;
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? mean;
  return { low: Math.max(mean / 4, Math.min(mean, at(calmest))), mean, high: Math.max(mean, at(1 - busiest)) };
}

function countPerSecond({ atS, durationS }: Pick<Schedule, 'atS' | 'durationS'>): number[] {
  const counts = Array.from({ length: Math.max(1, Math.ceil(durationS)) }, () => 0);
  for (const at of atS) counts[Math.floor(at)] = (counts[Math.floor(at)] ?? 0) + 1;
  return counts;
}

/** Into the record and to the user, before the first request of the replay. */
function predict(progress: Progress, { record, bank, schedule }: ReplayPlan, points: UsePoint[]): void {
  if (!bank) return;
  const moments = predictThrottle(countPerSecond(schedule), points, bank);
  const throttle = { predictedAt: new Date().toISOString(), points, ...moments };
  progress.found.replay = { ...record, throttle };
  progress.plan.onFound?.(progress.found);
  const { type } = bank;
  progress.plan.say?.(
    loadFinding('throttle-predicted', { instanceType: type.instanceType, speed: record.speed, ...moments }),
  );
}

function grade(progress: Progress, { bank }: ReplayPlan, { record, seconds }: StageResult): void {
  const found = progress.found.replay;
  if (!bank || !found?.throttle || record.aborted) return;
  const [first] = seconds;
  const firstThrottleS = bank.firstThrottleS();
  const leadS = first ? (Date.parse(first.at) - Date.parse(record.startedAt)) / 1000 : 0;
  const measuredS = firstThrottleS === undefined ? undefined : Math.max(0, firstThrottleS - leadS);
  progress.found.replay = { ...found, throttle: gradeThrottle(found.throttle, measuredS) };
}

/** Adds when it was throttled, and whether that is within the interval; undefined: it was not. */
export function gradeThrottle(
  predicted: NonNullable<ReplayRecord['throttle']>,
  measuredS: number | undefined,
): NonNullable<ReplayRecord['throttle']> {
  const { earliestS = Number.POSITIVE_INFINITY, latestS = Number.POSITIVE_INFINITY } = predicted;
  const at = measuredS ?? Number.POSITIVE_INFINITY;
  return { ...predicted, ...(measuredS !== undefined && { measuredS }), held: earliestS <= at && at <= latestS };
}
