// What may explain the error of a prediction: what the stage shows beside its throughput.
import { type InstanceType, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import { isWithoutCredits } from '../measured/credit-regime.ts';
import type { SizingFinding } from '../schema/sizing-findings.ts';
import { measureServiceDemand, presentDemand } from './demand/service-demand.ts';
import type { MeasuredState, RunSeen } from './rates/measured-type.ts';
import { predictType } from './rates/predict-type.ts';

type Suspect = SizingFinding<'cpu-unused' | 'request-dearer' | 'request-cheaper' | 'memory-almost-full'>;

/** A prediction that was not right. */
type WrongPrediction = {
  readonly first: RunSeen;
  readonly each: RunSeen;
  readonly found: MeasuredState;
  readonly type: InstanceType;
  /** More was predicted than measured. */
  readonly isOptimistic: boolean;
};

/** Percent; a machine that used less CPU was limited by something else. */
const usedUpPercent = 95;
/** Percent; a request that differs less in its CPU explains nothing. */
const sameCostPercent = 5;
/** Memory this full makes the kernel and the garbage collector work. */
const tightMemory = 0.9;

const suspects: readonly ((prediction: WrongPrediction) => Suspect | undefined)[] = [
  suspectUnusedCpu,
  suspectRequestCost,
  suspectMemory,
];

/** Returns the possible causes that the figures show. */
export function findSuspects(prediction: WrongPrediction): readonly Suspect[] {
  return suspects.map((suspect) => suspect(prediction)).filter((found) => found !== undefined);
}

function metricsOf({ each, found }: WrongPrediction) {
  return each.observed?.stages[found.number]?.metrics ?? {};
}

function isSustained({ each: { run, observed }, found }: WrongPrediction): boolean {
  return run.stages[found.number]?.role === 'sustained' || isWithoutCredits(run, observed, found.number);
}

/** Unused CPU explains why a type did less than predicted, never why it did more. */
function suspectUnusedCpu(prediction: WrongPrediction): Suspect | undefined {
  const used = metricsOf(prediction)['aws.ec2.cpuutilization']?.avg;
  if (used === undefined || used >= usedUpPercent || !prediction.isOptimistic || isSustained(prediction))
    return undefined;
  return { code: 'cpu-unused', percent: 100 - used };
}

function suspectRequestCost(prediction: WrongPrediction): Suspect | undefined {
  const { first, each, found, type, isOptimistic } = prediction;
  const app = metricsOf(prediction)['app.cpu']?.avg;
  const demand = presentDemand(measureServiceDemand(first.run, first.observed));
  if (app === undefined || !demand) return undefined;
  const { cpu } = predictType(first.run, demand, type, { catalogue: instanceCatalogue });
  const { serviceDemandS, serviceDemandAtBaselineS, backgroundVcpus } = cpu.value;
  // Without the app's use at rest, which the prediction has counted.
  const costS = (app / 100 / (each.run.target.vcpuShare ?? 1) - backgroundVcpus) / found.perS;
  const percent = 100 * (costS / (isSustained(prediction) ? serviceDemandAtBaselineS : serviceDemandS) - 1);
  // A dearer request explains that less was measured than predicted, never that more was.
  if (Math.abs(percent) <= sameCostPercent || percent > 0 !== isOptimistic) return undefined;
  return percent > 0 ? { code: 'request-dearer', percent } : { code: 'request-cheaper', percent: -percent };
}

function suspectMemory(prediction: WrongPrediction): Suspect | undefined {
  const rssBytes = metricsOf(prediction)['app.mem.rss']?.max;
  const isTight = rssBytes !== undefined && rssBytes > tightMemory * prediction.type.guestMemoryMiB * 1024 ** 2;
  return isTight ? { code: 'memory-almost-full', rssBytes } : undefined;
}
