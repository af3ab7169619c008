// Predicted, then measured: what a run on one instance said of each, in both states, against the runs on them.
import { type InstanceCatalogue, type InstanceType, instanceCatalogue } from '../../model/instance-catalogue.ts';
import { formatBytes, formatPercent, formatRate } from '../format/format.ts';
import { isWithoutCredits } from '../measured/credit-regime.ts';
import type { Builds } from '../traffic/day-load.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { type MeasuredState, measuredType, type RunSeen } from './measured-type.ts';
import { predictType } from './predict-type.ts';
import { measureServiceDemand } from './service-demand.ts';
import { type Sizing, sizeRun } from './size-run.ts';

export type { RunSeen } from './measured-type.ts';

export type Graded = {
  readonly instanceType: string;
  /** With CPU credits, or at the credit baseline. */
  readonly state: 'burst' | 'sustained';
  /** The run that it was predicted from. */
  readonly from: string;
  /** The run that measured it. */
  readonly measuredIn: string;
  readonly predictedPerS: number;
  readonly measuredPerS: number;
  /** Predicted against measured: above 0 is too much promised. */
  readonly errorPercent: number;
  /** What may explain an error above 10 %; empty for a good prediction. */
  readonly suspects: readonly string[];
  readonly text: string;
};

export type GradedSizing = { readonly sizing: Sizing; readonly predictions: readonly Graded[] };

/** What the verdict is about; without it, about the load that each type sustainableLoad. */
export type Workload = { readonly traffic?: Traffic | undefined; readonly builds?: Builds | undefined };

const goodPercent = 10;
/** A machine that was not used up was held back by something else than its CPU. */
const usedUpPercent = 95;
/** Memory this near to its end makes the kernel and the garbage collector work. */
const tightMemory = 0.9;

/** The types as the first run sees them with what was measured on them, and how right it was about those. */
export function sizeRuns(
  seen: readonly RunSeen[],
  types: readonly InstanceType[],
  { traffic, builds }: Workload = {},
  catalogue: InstanceCatalogue = instanceCatalogue,
): GradedSizing | undefined {
  const [first, ...others] = seen;
  if (!first) return undefined;
  const input = {
    ...first,
    traffic,
    builds,
    mode: undefined,
    start: 'launch' as const,
    count: 'app' as const,
    catalogue,
  };
  return { sizing: sizeRun({ ...input, others }, types), predictions: gradePredictions(seen, catalogue) };
}

/** What a run says of a type before that is measured, in a sentence; undefined when it has no service demand. */
export function announcePrediction(
  { run, observed }: RunSeen,
  type: InstanceType,
  catalogue: InstanceCatalogue = instanceCatalogue,
): string | undefined {
  const input = { run, observed, traffic: undefined, builds: undefined, mode: undefined, start: 'launch' as const };
  const [sized] = sizeRun({ ...input, count: 'app', catalogue }, [type]).instances;
  const { burstPerS, sustainedPerS } = sized ?? {};
  if (!burstPerS || !sustainedPerS) return undefined;
  const between = ({ value, low, high }: typeof burstPerS) =>
    `${formatRate(value)} (${formatRate(low)} to ${formatRate(high)})`;
  return `predicted for ${type.instanceType}: ${between(burstPerS)} with credits, ${between(sustainedPerS)} at the credit baseline`;
}

/** Grades what the first run predicts for each other one and for its own credit baseline; runs that are not whole are left out. */
export function gradePredictions(
  seen: readonly RunSeen[],
  catalogue: InstanceCatalogue = instanceCatalogue,
): readonly Graded[] {
  const [first] = seen;
  if (!first) return [];
  return seen.flatMap((each) => {
    const type = catalogue.find(({ instanceType }) => instanceType === each.run.target.instanceType);
    const measured = type && measuredType(each);
    if (!type || !measured) return [];
    const input = { traffic: undefined, builds: undefined, mode: undefined, start: 'launch' as const };
    const [sized] = sizeRun({ ...first, ...input, count: 'app', catalogue }, [type]).instances;
    const grade = (state: Graded['state'], predictedPerS: number | undefined, found: MeasuredState | undefined) => {
      // From a run's own burst nothing is predicted.
      if (predictedPerS === undefined || !found || (each === first && state === 'burst')) return [];
      const errorPercent = 100 * (predictedPerS / found.perS - 1);
      const suspects =
        Math.abs(errorPercent) > goodPercent
          ? findSuspects(first, each, found, { type, catalogue, promisedMore: errorPercent > 0 })
          : [];
      const from = first.run.target.instanceType ?? first.run.id;
      const what = state === 'burst' ? 'with credits' : 'at the credit baseline';
      const why = suspects.length === 0 ? '' : `; suspects: ${suspects.join('; ')}`;
      return [
        {
          instanceType: type.instanceType,
          state,
          from: first.run.id,
          measuredIn: each.run.id,
          predictedPerS,
          measuredPerS: found.perS,
          errorPercent,
          suspects,
          text: `${type.instanceType} ${what}: ${formatRate(predictedPerS)} predicted from ${from}, ${formatRate(found.perS)} measured: ${errorPercent > 0 ? '+' : ''}${formatPercent(errorPercent)}${why}`,
        },
      ];
    };
    return [
      ...grade('burst', sized?.burstPerS?.value, measured.burst),
      ...grade('sustained', sized?.sustainedPerS?.value, measured.sustained),
    ];
  });
}

/** What the figures of the stage show beside the throughput. */
function findSuspects(
  first: RunSeen,
  { run, observed }: RunSeen,
  { number, perS }: MeasuredState,
  {
    type,
    catalogue,
    promisedMore,
  }: { readonly type: InstanceType; readonly catalogue: InstanceCatalogue; readonly promisedMore: boolean },
): string[] {
  const metrics = observed?.stages[number]?.metrics ?? {};
  const demand = measureServiceDemand(first.run, first.observed);
  const suspects: string[] = [];
  const used = metrics['aws.ec2.cpuutilization']?.avg;
  const sustained = run.stages[number]?.role === 'sustained' || isWithoutCredits(run, observed, number);
  // What it did not use explains why it did less than was promised, never why it did more.
  if (used !== undefined && !sustained && used < usedUpPercent && promisedMore) {
    suspects.push(
      `${formatPercent(100 - used)} of its CPU was not used, so something else held it back: the scheduling of its quota, or other programs on this machine`,
    );
  }
  const app = metrics['app.cpu']?.avg;
  if (app !== undefined && typeof demand !== 'string') {
    const { need } = predictType(first.run, demand, type, { count: 'app', catalogue });
    const { serviceDemandS, serviceDemandAtBaselineS, backgroundVcpus } = need.value;
    // Without what the app takes at rest, which the prediction has counted.
    const costS = (app / 100 / (run.target.vcpuShare ?? 1) - backgroundVcpus) / perS;
    const more = 100 * (costS / (sustained ? serviceDemandAtBaselineS : serviceDemandS) - 1);
    if (Math.abs(more) > goodPercent / 2) {
      suspects.push(
        more > 0
          ? `a request took ${formatPercent(more)} more CPU there: caches that empty while its quota is used up, code not compiled hot, or garbage collection`
          : `a request took ${formatPercent(-more)} less CPU there: something disturbed the run that it was predicted from, or this machine's cores were faster meanwhile`,
      );
    }
  }
  const rss = metrics['app.mem.rss']?.max;
  if (rss !== undefined && rss > tightMemory * type.guestMemoryMiB * 1024 ** 2) {
    suspects.push(`its memory was nearly full (${formatBytes(rss)})`);
  }
  return suspects;
}
