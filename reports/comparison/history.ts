// Many runs in the order of time: their figures, and where these change.
import type { Finding } from '../../model/finding.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { compared } from '../schema/comparison-findings.ts';
import type { Judged } from '../schema/judged.ts';
import { type ChangePoint, fewestRuns, findChangePoints } from '../series/change-points.ts';
import { coarsen } from '../series/coarse.ts';
import type { Estimate } from '../series/regression.ts';
import { findIncomparable } from './comparability.ts';
import type { ComparedRun } from './compare-runs.ts';
import type { Decision } from './decision.ts';
import { estimateRun } from './difference.ts';
import { type ComparedMetric, moreIsWorse } from './margin.ts';

export type HistoryMetric = ComparedMetric | 'capacity';
export const historyFigures: readonly HistoryMetric[] = [
  'capacity',
  'throughput',
  'latency.p50',
  'latency.p99',
  'errors.rate',
];

/** A figure, with its 95 % interval where the run was long enough for one (8 s). */
export type HistoryFigure = { readonly value: number } & Partial<Omit<Estimate, 'value'>>;

export type HistoryRun = {
  readonly id: string;
  readonly name?: string;
  readonly startedAt: string;
  readonly commit?: string;
  readonly instanceType?: string;
  readonly verdict: Judged['verdict'];
  readonly validity: RunRecord['validity']['verdict'];
  /** Over its measured stages; absent when nothing was measured. */
  readonly figures: Partial<Readonly<Record<HistoryMetric, HistoryFigure>>>;
  /** Why its figures are shown and not judged; absent when they are judged. */
  readonly leftOut?: readonly Finding[];
};

export type Change = Finding & {
  readonly code: 'level-changed';
  readonly metric: HistoryMetric;
  /** Name and id of the first run of the new level. */
  readonly run: string;
  readonly id: string;
  readonly worse: boolean;
} & ChangePoint;

export type History = {
  readonly schemaVersion: 2;
  readonly decision: Decision;
  readonly runs: readonly HistoryRun[];
  readonly changes: readonly Change[];
  /** 4: too few runs to compare. */
  readonly exitCode: 0 | 4;
};

/** The runs in the order in which they began; partial and invalid runs, and those that cannot be compared with the last, are not judged. */
export function makeHistory(all: readonly ComparedRun[]): History {
  const sorted = [...all].sort((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1));
  const last = sorted.at(-1);
  const runs = sorted.map((each): HistoryRun => {
    const { run, judged } = each;
    const { commit, instanceType } = run.target;
    const leftOut = last && whyLeftOut(run, last.run);
    return {
      id: run.id,
      ...(run.name !== undefined && { name: run.name }),
      startedAt: run.startedAt,
      ...(commit !== undefined && { commit }),
      ...(instanceType !== undefined && { instanceType }),
      verdict: judged.verdict,
      validity: judged.validity.verdict,
      figures: figuresOf(each),
      ...(leftOut !== undefined && { leftOut }),
    };
  });
  const judgedRuns = runs.filter(({ leftOut }) => leftOut === undefined);
  const changes = historyFigures.flatMap((metric) => changesOf(metric, judgedRuns));
  const decision = decide(judgedRuns, changes, runs.length);
  return { schemaVersion: 2, decision, runs, changes, exitCode: judgedRuns.length < 2 ? 4 : 0 };
}

function figuresOf({ samples, judged: { capacity, measured } }: ComparedRun): HistoryRun['figures'] {
  const pieces = coarsen(samples);
  const { throughputPerS, latencyUs, errorRatePercent } = measured;
  const plain = {
    throughput: throughputPerS,
    'latency.p50': latencyUs?.p50,
    'latency.p99': latencyUs?.p99,
    'errors.rate': errorRatePercent,
  } as const;
  const found = Object.entries(plain).flatMap(([metric, value]): [string, HistoryFigure][] =>
    value === undefined ? [] : [[metric, estimateRun(pieces, metric as keyof typeof plain) ?? { value }]],
  );
  const { arrivalRatePerS: value, low, high } = capacity ?? {};
  return {
    ...(value !== undefined && low !== undefined && high !== undefined && { capacity: { value, low, high } }),
    ...Object.fromEntries(found),
  };
}

function whyLeftOut(run: RunRecord, last: RunRecord): Finding[] | undefined {
  const { instanceType } = run.target;
  const reasons = [
    ...findIncomparable(run, last, 'any'),
    ...(instanceType === last.target.instanceType
      ? []
      : [compared('other-instance-type', { ...(instanceType !== undefined && { instanceType }) })]),
    ...(run.profile.name === last.profile.name ? [] : [compared('other-profile', { profile: run.profile.name })]),
  ];
  return reasons.length > 0 ? reasons : undefined;
}

function changesOf(metric: HistoryMetric, runs: readonly HistoryRun[]): Change[] {
  const known = runs.flatMap((run) => {
    const value = run.figures[metric]?.value;
    return value === undefined ? [] : [{ run, value }];
  });
  return findChangePoints(known.map(({ value }) => value)).map((point) => {
    const run = known[point.at]?.run as HistoryRun;
    const rises = point.after > point.before;
    return {
      code: 'level-changed',
      ...point,
      metric,
      run: nameOf(run),
      id: run.id,
      worse: rises === (metric !== 'capacity' && moreIsWorse(metric)),
    };
  });
}

/** What a run is called in a sentence. */
export function nameOf({ id, name, commit }: HistoryRun): string {
  return `${name ?? id}${commit === undefined ? '' : ` (commit ${commit})`}`;
}

function decide(runs: readonly HistoryRun[], changes: readonly Change[], all: number): Decision {
  const decision = (answer: Finding, verdict: Decision['verdict'], parts: readonly Finding[]): Decision => ({
    code: 'decision',
    question: compared('question-history', { compared: runs.length, runs: all }),
    answer,
    verdict,
    parts,
  });
  if (runs.length < fewestRuns) {
    const reason = compared('runs-too-few', { comparable: runs.length, needed: fewestRuns });
    return decision(compared('too-few-runs', {}), 'no-verdict', [reason]);
  }
  if (changes.some(({ worse }) => worse)) return decision(compared('worse', {}), 'fail', changes);
  if (changes.length > 0) return decision(compared('better', {}), 'pass', changes);
  return decision(compared('no-change', {}), 'pass', [compared('no-level-changed', {})]);
}
