// The tables of a comparison stage by stage, and of its margins.
import type { RunComparison } from '../comparison/compare-runs.ts';
import { isWorse } from '../comparison/decision.ts';
import type { ComparedMetric } from '../comparison/margin.ts';
import { figureName, formatFigure, formatSigned } from '../messages/metric-text.ts';
import { textOf } from '../messages/text-of.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { fewestSeconds } from '../series/bootstrap.ts';
import { changeCell } from './comparison.ts';
import { type Cell, figure, type Table, tableOf, text } from './table.ts';

type Row = {
  readonly stage: string;
  readonly metric: ComparedMetric;
  readonly before: Cell;
  readonly after: Cell;
  readonly change: Cell;
  readonly verdict: string;
};

/** Throughput, p50 and p99 of both runs, stage by stage, with the interval of the difference where the stage is long enough. */
export function stagesTable(comparison: RunComparison): Table {
  const { byStage, baseline, candidate } = comparison;
  const short = byStage.some(({ differences }) => differences.length === 0);
  return tableOf(
    byStage.flatMap((each) => (each.differences.length > 0 ? judgedRows(each) : shortRows(each.stage, comparison))),
    [
      text('Stage', ({ stage }) => stage),
      text('Figure', ({ metric }) => figureName(metric)),
      { name: baseline.label, kind: 'number', cell: ({ before }) => before },
      { name: candidate.label, kind: 'number', cell: ({ after }) => after },
      { name: 'Difference (95 %)', kind: 'number', cell: ({ change }) => change },
      text('Verdict', ({ verdict }) => verdict),
    ],
    {
      caption: 'Stage by stage',
      empty: 'The runs have no measured stage in common.',
      notes: short
        ? [
            `A stage of fewer than ${fewestSeconds} measured seconds has no interval: its difference may not be significant.`,
          ]
        : [],
    },
  );
}

function judgedRows({ stage, differences }: RunComparison['byStage'][number]): Row[] {
  return differences.map((each) => ({
    stage,
    metric: each.metric,
    before: figure(each.baseline, (value) => formatFigure(each.metric, value)),
    after: figure(each.candidate, (value) => formatFigure(each.metric, value)),
    change: changeCell(each),
    verdict: each.verdict === 'differs' ? (isWorse(each) ? 'worse' : 'better') : 'not significant',
  }));
}

function shortRows(stage: string, { baseline, candidate }: RunComparison): Row[] {
  const [before, after] = [baseline, candidate].map(({ judged }) => judged.stages.find(({ name }) => name === stage));
  const row = (metric: ComparedMetric, of: (stage: JudgedStage) => number | undefined): Row => {
    const [was, is] = [before && of(before), after && of(after)];
    const change = was === undefined || is === undefined ? undefined : is - was;
    return {
      stage,
      metric,
      before: figure(was, (value) => formatFigure(metric, value)),
      after: figure(is, (value) => formatFigure(metric, value)),
      change: figure(change, (value) => formatSigned(metric, value)),
      verdict: 'stage too short',
    };
  };
  return [
    row('throughput', (each) => each.throughputPerS),
    row('latency.p50', (each) => each.latencyUs?.p50),
    row('latency.p99', (each) => each.latencyUs?.p99),
  ];
}

const verdicts = {
  'is-not': { text: 'not worse', kind: 'pass' },
  is: { text: 'worse', kind: 'fail' },
  'needs-more': { text: 'needs more data', kind: 'no-data' },
  'no-data': { text: 'no data', kind: 'no-data' },
} as const;

/** The margins, and whether they hold. */
export function marginTable({ margins }: RunComparison): Table {
  return tableOf(
    margins,
    [
      text('Margin', ({ expression }) => ({ text: expression, kind: 'code' })),
      text('Verdict', ({ verdict }) => verdicts[verdict]),
      text('Reason', textOf),
    ],
    {
      caption: 'Margins',
      empty: 'Differences are informational: no margin was set (--margin "latency.p99 +10ms").',
    },
  );
}
