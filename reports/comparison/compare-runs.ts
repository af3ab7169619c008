// Two runs side by side: everything that the page of a comparison states. Renderers only show it.
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { findBuilds } from '../measured/builds.ts';
import type { Judged } from '../schema/judged.ts';
import type { Risk } from '../schema/risk-findings.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { coarsen } from '../series/coarse.ts';
import { type Density, spreadOf } from '../series/density.ts';
import { type Paired, pairSeconds } from '../series/divergence.ts';
import type { StageSample } from '../series/second-sample.ts';
import type { Graded } from '../sizing/grade-predictions.ts';
import type { GradedSizing } from '../sizing/size-runs.ts';
import type { Workload } from '../traffic/day-load.ts';
import { findIncomparable, findSetupDifferences } from './comparability.ts';
import { type Decision, decide, isOpen } from './decision.ts';
import { compareRuns, type Difference, judgeMargin, type MarginVerdict } from './difference.ts';
import { compareMachines, type MachinePair } from './instance-facts.ts';
import type { ComparedMetric, Margin } from './margin.ts';
import { findRisks, type JudgedSide, largestRisk } from './risks.ts';

/** A run as a comparison sees it. */
export type ComparedRun = {
  readonly run: RunRecord;
  readonly observed: Observed | undefined;
  readonly judged: Judged;
  readonly samples: readonly StageSample[];
};

export type Side = JudgedSide & {
  /** How latency is spread over the stages that both runs have. */
  readonly spread: Density;
};

export type RunComparison = {
  readonly schemaVersion: 2;
  readonly decision: Decision;
  /** The largest first. */
  readonly risks: readonly Risk[];
  /**
   * 4: a run has no verdict, a margin is inconclusive, no type fits the traffic that was given or whether the candidate does is inconclusive,
   * or there is too little to compare. Else 0, also when it got worse, by whatever margin: see `comparisonExitCode`.
   */
  readonly exitCode: 0 | 4;
  readonly baseline: Side;
  readonly candidate: Side;
  /** Names of the stages that both runs have. */
  readonly stages: readonly string[];
  /** Over these stages together. */
  readonly differences: readonly Difference[];
  /** Stage by stage. */
  readonly byStage: readonly { readonly stage: string; readonly differences: readonly Difference[] }[];
  readonly margins: readonly MarginVerdict[];
  readonly paired: Paired;
  /** When the runs were on two instance types. */
  readonly machines?: MachinePair;
  /** A build on each type: one entry for each run that had one beside its load; absent unless both had. */
  readonly builds?: NonNullable<SizingRecord['builds']>;
  /** What else differs between the runs. */
  readonly notes: readonly Finding[];
};

const figures: readonly ComparedMetric[] = ['latency.p50', 'latency.p99', 'throughput', 'errors.rate'];
const stageFigures: readonly ComparedMetric[] = ['throughput', 'latency.p50', 'latency.p99'];
/** Each takes a thousand draws. */
const mostStages = 24;

/** The candidate against the baseline, with its margins judged. `known` is a sizing of both runs; without it they are sized for `workload`. */
export function compareTwo(
  baseline: ComparedRun,
  candidate: ComparedRun,
  margins: readonly Margin[] = [],
  known?: GradedSizing,
  workload?: Workload,
): RunComparison {
  const shared = (of: ComparedRun, other: ComparedRun) =>
    of.samples.filter(({ stage }) => other.samples.some((each) => each.stage === stage));
  const [before, after] = [shared(baseline, candidate), shared(candidate, baseline)];
  const [coarseBefore, coarseAfter] = [coarsen(before), coarsen(after)];
  const open = before.some(({ stage }) => baseline.run.stages.find((each) => each.name === stage)?.kind === 'open');
  const asked: readonly ComparedMetric[] = open ? [...figures, 'dropped.rate'] : figures;
  const find = (metric: ComparedMetric) => compareRuns(coarseBefore, coarseAfter, metric);
  const differences = asked.map(find).filter((each) => each !== undefined);
  const [firstLabel, secondLabel] = labelsOf(baseline.run, candidate.run);
  const sides = {
    baseline: { label: firstLabel, run: baseline.run, judged: baseline.judged, spread: spreadOf(coarseBefore) },
    candidate: { label: secondLabel, run: candidate.run, judged: candidate.judged, spread: spreadOf(coarseAfter) },
  };
  const compared = compareMachines(baseline, candidate, known, workload);
  const machines = compared && { ...compared, predictions: asMade(compared.predictions, candidate.judged) };
  const builds = findBuilds([baseline, candidate]);
  const verdicts = margins.map((margin) => judgeMargin(margin, find(margin.metric)));
  const risks = findRisks(sides, machines);
  const decided = decide(sides, { machines, margins: verdicts, differences });
  const but = largestRisk(risks, decided.verdict);
  const decision: Decision = { ...decided, ...(but && { but }) };
  return {
    schemaVersion: 2,
    decision,
    risks,
    exitCode: exitCodeOf(decision, sides, { machines, margins: verdicts, differences }),
    ...sides,
    stages: before.map(({ stage }) => stage),
    differences,
    byStage: compareByStage(coarseBefore, coarseAfter, differences),
    margins: verdicts,
    paired: pairSeconds(before, after, open ? 'mean latency' : 'throughput'),
    ...(machines && { machines }),
    ...(machines && builds?.length === 2 && { builds }),
    notes: [...findIncomparable(baseline.run, candidate.run), ...findSetupDifferences(baseline.run, candidate.run)],
  };
}

/** The predictions as they were made before the other run, like on its page: what a later version predicts of a measured rate is none. */
function asMade(predictions: readonly Graded[], { sizing }: Judged): readonly Graded[] {
  return predictions.map((each) => {
    const made = sizing?.predictions.find(
      ({ from, measuredIn, state }) => from === each.from && measuredIn === each.measuredIn && state === each.state,
    );
    if (made?.low === undefined || made.high === undefined || made.held === undefined) return each;
    const { predictedPerS, low, high, measuredPerS, errorPercent, held, suspects } = made;
    return { ...each, predictedPerS, low, high, measuredPerS, errorPercent, held, suspects } as Graded;
  });
}

function compareByStage(
  before: readonly StageSample[],
  after: readonly StageSample[],
  whole: readonly Difference[],
): RunComparison['byStage'] {
  const compare = (own: StageSample, metric: ComparedMetric) =>
    // A single stage equals the whole.
    before.length === 1 ? whole.find((each) => each.metric === metric) : compareRuns([own], after, metric);
  return before.slice(0, mostStages).map((own) => ({
    stage: own.stage,
    differences: stageFigures.map((metric) => compare(own, metric)).filter((each) => each !== undefined),
  }));
}

function exitCodeOf(
  decision: Decision,
  { baseline, candidate }: Pick<RunComparison, 'baseline' | 'candidate'>,
  {
    machines,
    margins,
    differences,
  }: Pick<RunComparison, 'margins' | 'differences'> & {
    readonly machines: MachinePair | undefined;
  },
): RunComparison['exitCode'] {
  if (margins.length > 0) return isOpen(decision) ? 4 : 0;
  if ([baseline, candidate].some(({ judged }) => judged.verdict === 'no-verdict')) return 4;
  if (!machines) return differences.length > 0 ? 0 : 4;
  const fits = machines.recommendation?.code === 'recommend-type';
  return machines.traffic && (isOpen(decision) || !fits) ? 4 : 0;
}

/** The names of the two: their types when these differ, else their names or ids. */
function labelsOf(baseline: RunRecord, candidate: RunRecord): readonly [string, string] {
  const [first, second] = [baseline.target.instanceType, candidate.target.instanceType];
  if (first !== undefined && second !== undefined && first !== second) return [first, second];
  const names = [baseline.name, candidate.name];
  if (names[0] !== undefined && names[1] !== undefined && names[0] !== names[1]) return [names[0], names[1]];
  return [baseline.id, candidate.id];
}
