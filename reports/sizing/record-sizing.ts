// A sizing -> what pages show of it, and the sizing of a single run.
import { defaultTypes, findInstanceType, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { Observed } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Trend } from '../schema/judged.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { DemandFit } from './demand/demand-fit.ts';
import { gradePredictions } from './grade-predictions.ts';
import type { MeasuredState } from './rates/measured-type.ts';
import { sizeRun } from './size-run.ts';
import type { GradedSizing } from './size-runs.ts';
import type { SizedInstance } from './size-type.ts';

/** What a run says of its own type and the usual ones; undefined when it has no service demand. */
export function projectSizing(
  run: RunRecord,
  observed: Observed | undefined,
  trends: readonly Trend[],
): SizingRecord | undefined {
  const own = run.target.instanceType;
  const known = instanceCatalogue.some(({ instanceType }) => instanceType === own);
  const names = new Set([...defaultTypes, ...(known && own !== undefined ? [own] : [])]);
  const count = run.target.startedByHarness ? ('app' as const) : ('host' as const);
  const input = { run, observed, trends, traffic: undefined, builds: undefined, mode: undefined, count };
  const sizing = sizeRun(
    { ...input, start: 'launch', catalogue: instanceCatalogue },
    [...names].map((name) => findInstanceType(name)),
  );
  return sizing.serviceDemand && recordSizing({ sizing, predictions: gradePredictions([{ run, observed }]) });
}

/** The record of a sizing of `runs` (ids, when there are several), without what its figures were made of. */
export function recordSizing({ sizing, predictions }: GradedSizing, runs: readonly string[] = []): SizingRecord {
  const { run, instances, counted, traffic, serviceDemand, vcpuShare } = sizing;
  const { nextExperiment, ...recommendation } = sizing.recommendation;
  return {
    schemaVersion: 2,
    from: run,
    ...(runs.length > 1 && { runs: [...runs] }),
    projected: instances.every(({ measured }) => measured === undefined || measured.run === run),
    ...present({ vcpuShare, traffic: traffic?.source }),
    types: instances.map(recordType),
    counted,
    ...present({ serviceDemand: serviceDemand && recordDemand(serviceDemand.used) }),
    predictions: predictions.map(({ code: _, fromType: __, ...each }) => ({ ...each, suspects: [...each.suspects] })),
    recommendation,
    ...present({ nextExperiment }),
  };
}

function recordType(each: SizedInstance): SizingRecord['types'][number] {
  const { instanceType, verdict, summary, limitedBy, because, burstPerS, sustainedPerS, onEc2, withinSlo } = each;
  const { timeToThrottle, memory, usdPerMonth, usdPerMillionRequests } = each;
  const { burst, sustained } = each.measured ?? {};
  return {
    ...{ instanceType, verdict, summary, limitedBy, because },
    checks: each.checks.map(({ limit, verdict, because }) => ({ limit, verdict, because })),
    ...present({ burstPerS, sustainedPerS, onEc2, withinSlo: withinSlo && { ...withinSlo, slo: [...withinSlo.slo] } }),
    ...(burst && { measuredBurstPerS: burst.perS, measuredBurst: intervalOf(burst) }),
    ...(sustained && { measuredSustainedPerS: sustained.perS, measuredSustained: intervalOf(sustained) }),
    ...present({ p99Us: each.latency?.p99Us, sustainedP99Us: each.sustainedLatency?.p99Us, timeToThrottle }),
    ...(memory && { memory: { neededBytes: memory.neededBytes, guestBytes: memory.guestBytes } }),
    ...present({ usdPerMonth, usdPerMillionRequests }),
    notes: [...each.notes],
    ...(each.day && { day: each.day.curve.map(([hours, balance, percent]) => [hours, balance, percent]) }),
  };
}

function intervalOf({ low, high, blocks }: MeasuredState) {
  return present({ low, high, blocks });
}

function recordDemand(fit: DemandFit): NonNullable<SizingRecord['serviceDemand']> {
  const { of, demandMs, backgroundVcpus, r2, points } = fit;
  const shown = points.map(({ stage, perS, vcpus }) => ({ stage, perS, vcpus }));
  return present({ of, demandMs, backgroundVcpus, r2, points: shown });
}
