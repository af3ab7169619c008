// Two measured instance types side by side: burst and sustained throughput, time to throttle, price.

import { type BurstableType, type InstanceType, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { Finding } from '../../model/finding.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { isWithoutCredits } from '../measured/credit-regime.ts';
import { measure } from '../measured/measured.ts';
import { stageRate } from '../measured/stage-rate.ts';
import type { Estimate } from '../series/regression.ts';
import { exactly } from '../sizing/demand/estimate.ts';
import type { Graded } from '../sizing/grade-predictions.ts';
import type { MeasuredState, RunSeen } from '../sizing/rates/measured-type.ts';
import { hoursToThrottle } from '../sizing/rates/sustainable-load.ts';
import type { WithinSlo } from '../sizing/rates/within-slo.ts';
import type { Recommendation } from '../sizing/recommendation.ts';
import { type GradedSizing, sizeRuns } from '../sizing/size-runs.ts';
import type { SizedInstance } from '../sizing/size-type.ts';
import type { Workload } from '../traffic/day-load.ts';
import { ratioOfNeighbours } from './neighbour-blocks.ts';
import { findChoices, sustainedOf, type TypeChoice } from './type-choices.ts';
import { findUntilEmpty, type UntilEmpty } from './until-empty.ts';

export type MachineFacts = {
  readonly instanceType: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Absent for a type without a price. */
  readonly usdPerMonth?: number;
  readonly creditsPerHour?: number;
  /** Of whole vCPUs, with credits: of the clean blocks, else the highest throughput of a measured stage. */
  readonly burstPerS?: Estimate;
  /** At baseline performance: measured without credits, else predicted from the service demand. */
  readonly sustainedPerS?: Estimate;
  /** Time to throttle with all vCPUs busy: from the launch credits, and from a full balance. */
  readonly hoursToThrottle?: { readonly launch: number; readonly full: number };
  /** Against the baseline, of blocks beside each other in runs in turn: each rate divided by its. */
  readonly ratios?: { readonly burst?: Estimate; readonly sustained?: Estimate };
  /** The rates that the verdict rests on: on EC2 where they are known there. */
  readonly judged: {
    readonly onEc2: boolean;
    readonly burstPerS?: Estimate;
    readonly sustainedPerS?: Estimate;
    readonly withinSlo?: WithinSlo;
  };
  /** Without traffic, of a type with credits. */
  readonly untilEmpty: UntilEmpty;
  /** From the sizing of both runs. */
  readonly sized: SizedInstance;
};

export type MachinePair = {
  readonly baseline: MachineFacts;
  readonly candidate: MachineFacts;
  /** What the baseline run predicted, with what was measured. */
  readonly predictions: readonly Graded[];
  readonly recommendation?: Recommendation;
  /** The workload; absent when the verdict is about the sustainable load. */
  readonly traffic?: Finding;
  /** Its mean and its peak, in requests per second. */
  readonly demand?: { readonly meanPerS: number; readonly peakPerS: number };
  /** What else could be bought. */
  readonly choices: readonly TypeChoice[];
};

/** Undefined unless both runs were on different types of the catalogue. `known` is a sizing of both; without it they are sized for the workload. */
export function compareMachines(
  baseline: RunSeen,
  candidate: RunSeen,
  known: GradedSizing | undefined,
  workload?: Workload,
): MachinePair | undefined {
  const types = [baseline, candidate].map(({ run }) =>
    instanceCatalogue.find((each) => each.instanceType === run.target.instanceType),
  );
  const [first, second] = types;
  if (!first || !second || first.instanceType === second.instanceType) return undefined;
  const compared = known ?? sizeRuns([baseline, candidate], [first, second], workload);
  const sized = (type: InstanceType) =>
    compared?.sizing.instances.find(({ instanceType }) => instanceType === type.instanceType);
  const facts = [describe(baseline, first, sized(first)), describe(candidate, second, sized(second))];
  const [before, after] = facts;
  if (!before || !after) return undefined;
  const { traffic } = compared?.sizing ?? {};
  return {
    baseline: before,
    candidate: { ...after, ratios: findRatios(baseline.run, candidate.run) },
    ...(traffic && {
      traffic: traffic.source,
      demand: { meanPerS: traffic.requestsPerDay / 86_400, peakPerS: traffic.peakPerS },
    }),
    choices: findChoices([baseline, candidate], workload),
    predictions: compared?.predictions ?? [],
    ...(compared && { recommendation: compared.sizing.recommendation }),
  };
}

function findRatios(baseline: RunRecord, candidate: RunRecord): NonNullable<MachineFacts['ratios']> {
  return present({
    burst: ratioOfNeighbours(baseline, candidate, 'measured'),
    sustained: ratioOfNeighbours(baseline, candidate, 'sustained'),
  });
}

function describe(seen: RunSeen, type: InstanceType, sized: SizedInstance | undefined): MachineFacts | undefined {
  if (!sized) return undefined;
  // Of a light load the highest throughput is only what was sent.
  const light = sized.sustainableLoad
    ? sized.sustainableLoad.burstPerS === undefined
    : sized.limitedBy === 'measurement';
  const { burst, sustained } = sized.measured ?? {};
  const burstPerS = light
    ? undefined
    : (estimateOf(burst?.blocks === undefined ? undefined : burst) ?? findHighest(seen));
  // The same figure as in the verdict, which on EC2 is another one.
  const judgedPerS = sized.onEc2 ? undefined : sized.sustainableLoad?.sustainedPerS;
  const sustainedPerS = judgedPerS ?? estimateOf(sustained) ?? sized.sustainedPerS;
  const judged = present({
    onEc2: sized.onEc2 !== undefined,
    burstPerS: sized.onEc2?.burstPerS ?? burstPerS,
    sustainedPerS: sustainedOf(sized) ?? sustainedPerS,
    withinSlo: sized.withinSlo,
  });
  return {
    instanceType: type.instanceType,
    vcpus: type.vcpus,
    memoryGiB: type.memoryGiB,
    ...(sized.usdPerMonth !== undefined && { usdPerMonth: sized.usdPerMonth }),
    ...(type.credits && { creditsPerHour: type.credits.creditsEarnedPerHour }),
    ...(burstPerS && measure(seen.run).requests.completed > 0 && { burstPerS }),
    ...(sustainedPerS && { sustainedPerS }),
    ...(type.credits && { hoursToThrottle: hoursToThrottle(type as BurstableType, type.vcpus) }),
    judged,
    untilEmpty:
      judged.burstPerS && judged.sustainedPerS
        ? findUntilEmpty(type, judged.sustainedPerS.value, judged.burstPerS.value)
        : [],
    sized,
  };
}

function estimateOf(state: MeasuredState | undefined): Estimate | undefined {
  return state && { value: state.perS, low: state.low, high: state.high };
}

/** Of the measured stages with credits, open ones too. */
function findHighest({ run, observed }: RunSeen): Estimate | undefined {
  const rates = run.stages.flatMap((stage, number) => {
    const counts = stage.role === 'measured' && !isWithoutCredits(run, observed, number);
    return counts && stage.throughputPerS > 0 ? [stageRate(run, stage).perS] : [];
  });
  return rates.length > 0 ? exactly(Math.max(...rates)) : undefined;
}
