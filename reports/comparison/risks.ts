// What may go wrong after a move, the largest risk first: the first one stands in the banner.
import type { RunRecord } from '../../model/run-record.ts';
import type { Outcome } from '../format/outcome.ts';
import type { Judged } from '../schema/judged.ts';
import type { Risk } from '../schema/risk-findings.ts';
import { creditRisk, findAlarmRisks, findBuildMemoryRisks } from '../verdict/type-risks.ts';
import type { MachineFacts, MachinePair } from './instance-facts.ts';

export type JudgedSide = { readonly label: string; readonly run: RunRecord; readonly judged: Judged };
export type Sides = { readonly baseline: JudgedSide; readonly candidate: JudgedSide };

/** Of two runs on two types: of the measurement, then of the candidate. Of other runs: of the measurement alone. */
export function findRisks(sides: Sides, machines: MachinePair | undefined): Risk[] {
  const { baseline, candidate } = sides;
  const measurement = [baseline, candidate].flatMap(ofMeasurement);
  if (!machines) return measurement;
  const facts = machines.candidate;
  const missed = ofPredictions(machines);
  return [
    ...measurement,
    ...missed.filter(isTooHigh),
    ...findAlarmRisks(facts.instanceType, candidate.judged),
    ...findBuildMemoryRisks(facts.instanceType, candidate.judged),
    ...ofCredits(facts, candidate.judged),
    // A type that does more than was predicted is a reason against predictions, not against the move.
    ...missed.filter((each) => !isTooHigh(each)),
    ...ofRestart(facts),
    ...ofBuild(facts.instanceType, candidate.judged),
    ...ofMemory(facts),
    ...ofEmulation(facts, candidate.run),
  ];
}

/** What the banner says after "But:". Against a no only what makes it less sure: the risks of a move that is not made are none. */
export function largestRisk(risks: readonly Risk[], verdict: Outcome): Risk | undefined {
  const ofEvidence = ['risk-not-valid', 'risk-disturbed', 'risk-prediction'];
  return verdict === 'fail' ? risks.find(({ code }) => ofEvidence.includes(code)) : risks[0];
}

function ofMeasurement({ label: run, judged: { validity, disturbances } }: JudgedSide): Risk[] {
  const { verdict, reasons } = validity;
  return [
    ...(verdict === 'valid' ? [] : [{ code: 'risk-not-valid' as const, run, verdict, reasons }]),
    ...disturbances.map((because) => ({ code: 'risk-disturbed' as const, run, because })),
  ];
}

type Missed = Risk<'risk-prediction'>;

function isTooHigh({ errorPercent }: Pick<Missed, 'errorPercent'>): boolean {
  return errorPercent > 0;
}

/** The one that matters most: more was predicted than measured, then the largest. All of them stand beneath the checks of the type. */
function ofPredictions({ candidate, predictions }: MachinePair): Missed[] {
  return predictions
    .filter(({ instanceType, held }) => instanceType === candidate.instanceType && !held)
    .sort((a, b) => Number(isTooHigh(b)) - Number(isTooHigh(a)) || Math.abs(b.errorPercent) - Math.abs(a.errorPercent))
    .slice(0, 1)
    .map(
      ({
        instanceType,
        state,
        fromType: from,
        predictedPerS: value,
        low,
        high,
        measuredPerS,
        errorPercent,
        suspects,
      }) => ({
        code: 'risk-prediction',
        ...{ instanceType, state, from, predictedPerS: { value, low, high }, measuredPerS, errorPercent, suspects },
      }),
    );
}

/** Not of a type that never throttles, nor where a week of the traffic leaves credits. */
function ofCredits({ instanceType, hoursToThrottle, sustainedPerS, sized }: MachineFacts, judged: Judged): Risk[] {
  const rate = sized.onEc2?.sustainedPerS ?? sustainedPerS;
  if (!hoursToThrottle || !rate || sized.day?.throttledHours === 0 || sized.mode === 'unlimited') return [];
  const onEc2 = sized.onEc2?.sustainedPerS !== undefined;
  return [creditRisk({ instanceType, hoursToThrottle, sustainedPerS: rate, onEc2 }, judged)];
}

function ofRestart({ instanceType, sized: { startAtBaselineS: startS } }: MachineFacts): Risk[] {
  return startS === undefined ? [] : [{ code: 'risk-restart', instanceType, startS }];
}

function ofBuild(instanceType: string, { sizing }: Judged): Risk[] {
  const builds = (sizing?.builds ?? []).filter(({ ended }) => ended === undefined);
  const own = builds.find((each) => each.instanceType === instanceType);
  const other = builds.find((each) => each.instanceType !== instanceType);
  if (!own) return [];
  const { durationS, p99Us } = own;
  return [
    {
      code: 'risk-build',
      ...{ instanceType, durationS },
      ...(other && { beside: { instanceType: other.instanceType, durationS: other.durationS } }),
      ...(p99Us && { p99Us }),
    },
  ];
}

function ofMemory({ instanceType, sized: { checks } }: MachineFacts): Risk[] {
  return checks.flatMap(({ because }): Risk[] => {
    if (because.code !== 'memory-of-app') return [];
    const { systemBytes, neededBytes, guestBytes } = because;
    return [{ code: 'risk-memory', instanceType, systemBytes, neededBytes, guestBytes }];
  });
}

function ofEmulation({ instanceType, sized }: MachineFacts, { target }: RunRecord): Risk[] {
  if (target.vcpuShare === undefined) return [];
  const vcpuOfACore = sized.onEc2?.vcpuOfACore;
  return [{ code: 'risk-emulated', instanceType, ...(vcpuOfACore && { vcpuOfACore }) }];
}
