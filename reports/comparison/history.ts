// Many runs, one after the other: how their figures move, and where they change.
import type { RunRecord } from '../../model/run-record.ts';
import { formatNumberOf, formatPercent } from '../format/format.ts';
import { figureName, formatFigure } from '../messages/difference-text.ts';
import type { Judged } from '../schema/judged.ts';
import { type ChangePoint, fewestRuns, findChangePoints } from '../series/change-points.ts';
import { coarsen } from '../series/coarse.ts';
import type { Estimate } from '../series/regression.ts';
import { findUnlike } from './comparability.ts';
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
  /** Why its figures are told and not judged; absent when they are. */
  readonly leftOut?: string;
};

export type Change = {
  readonly metric: HistoryMetric;
  /** The first run of the new level. */
  readonly run: string;
  readonly worse: boolean;
  readonly text: string;
} & ChangePoint;

export type History = {
  readonly schemaVersion: 1;
  readonly decision: Decision;
  readonly runs: readonly HistoryRun[];
  readonly changes: readonly Change[];
  /** 0: told; 4: too few runs to tell anything. */
  readonly exitCode: 0 | 4;
};

/** The runs in the order in which they began; those that are partial, invalid or of another machine than the last are left out of the judgement. */
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
  return { schemaVersion: 1, decision, runs, changes, exitCode: judgedRuns.length < 2 ? 4 : 0 };
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

/** A figure in its unit; a capacity is a rate. */
export function formatHistoryFigure(metric: HistoryMetric, value: number): string {
  return formatFigure(metric === 'capacity' ? 'throughput' : metric, value);
}

/** What it is called. */
export function historyName(metric: HistoryMetric): string {
  return metric === 'capacity' ? metric : figureName(metric);
}

function whyLeftOut(run: RunRecord, last: RunRecord): string | undefined {
  const reasons = [
    ...findUnlike(run, last).map((each) => each.replace('the baseline run', 'the run')),
    ...(run.target.instanceType === last.target.instanceType
      ? []
      : [`another instance type: ${run.target.instanceType ?? 'not known'}`]),
    ...(run.profile.name === last.profile.name ? [] : [`another profile: ${run.profile.name}`]),
  ];
  return reasons.length > 0 ? reasons.join('; ') : undefined;
}

function changesOf(metric: HistoryMetric, runs: readonly HistoryRun[]): Change[] {
  const known = runs.flatMap((run) => {
    const value = run.figures[metric]?.value;
    return value === undefined ? [] : [{ run, value }];
  });
  return findChangePoints(known.map(({ value }) => value)).map((point) => {
    const run = known[point.at]?.run as HistoryRun;
    const rises = point.after > point.before;
    const share =
      point.before > 0 ? ` (${rises ? '+' : '−'}${formatPercent(100 * Math.abs(point.after / point.before - 1))})` : '';
    return {
      ...point,
      metric,
      run: run.id,
      worse: rises === (metric !== 'capacity' && moreIsWorse(metric)),
      text: `${historyName(metric)} ${rises ? 'rose' : 'fell'} from ${formatHistoryFigure(metric, point.before)} to ${formatHistoryFigure(metric, point.after)}${share} with ${nameOf(run)}`,
    };
  });
}

/** What a run is called in a sentence. */
export function nameOf({ id, name, commit }: HistoryRun): string {
  return `${name ?? id}${commit === undefined ? '' : ` (commit ${commit})`}`;
}

function decide(runs: readonly HistoryRun[], changes: readonly Change[], told: number): Decision {
  const question = `What changed over ${runs.length < told ? `${runs.length} of ` : ''}${formatNumberOf(told, 'run')}?`;
  if (runs.length < fewestRuns) {
    const text = `${formatNumberOf(runs.length, 'run')} that can be compared ${runs.length === 1 ? 'is' : 'are'} too few to tell a change from chance: ${fewestRuns} are needed`;
    return { question, word: 'TOO FEW', verdict: 'no-verdict', text };
  }
  const texts = changes.map(({ text }) => text).join('; ');
  if (changes.some(({ worse }) => worse)) return { question, word: 'WORSE', verdict: 'fail', text: texts };
  if (changes.length > 0) return { question, word: 'BETTER', verdict: 'pass', text: texts };
  return { question, word: 'NOTHING', verdict: 'pass', text: 'no figure changed its level beyond chance' };
}
