// The tables of a comparison stage by stage, and of its margins.
import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import type { ComparedMetric } from '../comparison/margin.ts';
import { capitalize } from '../format/format.ts';
import { figureName, formatFigure, formatSigned } from '../messages/metric-text.ts';
import { textOf } from '../messages/text-of.ts';
import { fewestSeconds } from '../series/bootstrap.ts';
import { fairCell } from './comparison.ts';
import { type Column, figure, type Table, tableOf, text } from './table.ts';

/** Throughput, p50 and p99 of both runs, a row for each stage, with the interval of the difference where the stage is long enough. */
export function stagesTable(comparison: RunComparison): Table {
  const { byStage } = comparison;
  const short = byStage.some(({ differences }) => differences.length === 0);
  return tableOf(
    byStage,
    [
      text('Stage', ({ stage }) => stage),
      ...(['throughput', 'latency.p50', 'latency.p99'] as const).flatMap((metric) => columnsOf(metric, comparison)),
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

type Stage = RunComparison['byStage'][number];

/** Both figures, and their difference. */
function columnsOf(metric: ComparedMetric, comparison: RunComparison): Column<Stage>[] {
  const { baseline, candidate } = comparison;
  const name = capitalize(figureName(metric));
  const found = ({ differences }: Stage) => differences.find((each) => each.metric === metric);
  const ofStage = (side: Side, { stage }: Stage) => {
    const judged = side.judged.stages.find((each) => each.name === stage);
    if (metric === 'throughput') return judged?.throughputPerS;
    return judged?.latencyUs?.[metric === 'latency.p50' ? 'p50' : 'p99'];
  };
  const cell = (side: Side, which: 'baseline' | 'candidate') => (stage: Stage) =>
    figure(found(stage)?.[which] ?? ofStage(side, stage), (value) => formatFigure(metric, value));
  return [
    { name: `${name}, ${baseline.label}`, kind: 'number', cell: cell(baseline, 'baseline') },
    { name: candidate.label, kind: 'number', cell: cell(candidate, 'candidate') },
    {
      name: 'Difference',
      kind: 'number',
      cell: (stage) => {
        const difference = found(stage);
        if (difference) return fairCell(difference, comparison);
        const [before, after] = [ofStage(baseline, stage), ofStage(candidate, stage)];
        const change = before === undefined || after === undefined ? undefined : after - before;
        return figure(change, (value) => formatSigned(metric, value));
      },
    },
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
