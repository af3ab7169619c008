// The tables of a comparison stage by stage, and of its margins.
import type { RunComparison } from '../comparison/compare-runs.ts';
import { isWorse } from '../comparison/decision.ts';
import type { Difference } from '../comparison/difference.ts';
import { figureName, formatFigure, formatSigned } from '../messages/metric-text.ts';
import { textOf } from '../messages/text-of.ts';
import { fewestSeconds } from '../series/bootstrap.ts';
import { changeCell, right } from './comparison.ts';
import { type Cell, cut, figure, number, type Table, text, words } from './table.ts';

/** Throughput, p50 and p99 of both runs, stage by stage, with the interval of the difference where the stage is long enough. */
export function stagesTable(comparison: RunComparison): Table {
  const { byStage, baseline, candidate } = comparison;
  const short = byStage.some(({ differences }) => differences.length === 0);
  const { shown, note } = cut(
    byStage.flatMap(({ stage, differences }) =>
      differences.length > 0 ? differences.map((each) => judgedRow(stage, each)) : shortRows(stage, comparison),
    ),
    'rows',
  );
  const notes = [
    ...(short
      ? [
          `A stage of fewer than ${fewestSeconds} measured seconds has no interval: its difference may not be significant.`,
        ]
      : []),
    ...(note === undefined ? [] : [note]),
  ];
  return {
    caption: 'Stage by stage',
    columns: [
      text('Stage'),
      text('Figure'),
      number(baseline.label),
      number(candidate.label),
      number('Difference (95 %)'),
      text('Verdict'),
    ],
    rows: shown,
    empty: 'The runs have no measured stage in common.',
    ...(notes.length > 0 && { note: notes.join(' ') }),
  };
}

function judgedRow(stage: string, each: Difference): Cell[] {
  return [
    words(stage),
    words(figureName(each.metric)),
    right(formatFigure(each.metric, each.baseline)),
    right(formatFigure(each.metric, each.candidate)),
    changeCell(each),
    words(each.verdict === 'differs' ? (isWorse(each) ? 'worse' : 'better') : 'not significant'),
  ];
}

function shortRows(stage: string, { baseline, candidate }: RunComparison): Cell[][] {
  const [before, after] = [baseline, candidate].map(({ judged }) => judged.stages.find(({ name }) => name === stage));
  const figures = [
    ['throughput', before?.throughputPerS, after?.throughputPerS],
    ['latency.p50', before?.latencyUs?.p50, after?.latencyUs?.p50],
    ['latency.p99', before?.latencyUs?.p99, after?.latencyUs?.p99],
  ] as const;
  return figures.map(([metric, was, is]) => {
    const show = (value: number) => formatFigure(metric, value);
    const change = was === undefined || is === undefined ? undefined : is - was;
    return [
      words(stage),
      words(figureName(metric)),
      figure(was, show),
      figure(is, show),
      figure(change, (value) => formatSigned(metric, value)),
      words('stage too short'),
    ];
  });
}

/** The margins, and whether they hold. */
export function marginTable({ margins }: RunComparison): Table {
  const verdicts = {
    'is-not': ['not worse', 'pass'],
    is: ['worse', 'fail'],
    'needs-more': ['needs more data', 'no-data'],
    'no-data': ['no data', 'no-data'],
  } as const;
  return {
    caption: 'Margins',
    columns: [text('Margin'), text('Verdict'), text('Reason')],
    rows: margins.map((margin) => [
      { text: margin.expression, kind: 'code' },
      { text: verdicts[margin.verdict][0], kind: verdicts[margin.verdict][1] },
      words(textOf(margin)),
    ]),
    empty: 'Differences are informational: no margin was set (--margin "latency.p99 +10ms").',
  };
}
