// The page of a history, and its other forms.

import { historyCharts } from '../charts/all.ts';
import { drawSections } from '../charts/drawing/chart.ts';
import { knownMetrics } from '../charts/history.ts';
import { type History, type HistoryRun, nameOf } from '../comparison/history.ts';
import { capitalize, formatTime, noData } from '../format/format.ts';
import { verdictSign, verdictWord } from '../format/outcome.ts';
import { plainRecord } from '../format/plain-text.ts';
import { comparisonBanner } from '../messages/banner.ts';
import { figureName, formatFigure } from '../messages/metric-text.ts';
import { briefly, textOf } from '../messages/text-of.ts';
import { list, number, type Table, tableOf, text } from '../tables/table.ts';
import { markdownTable, md } from './markdown-text.ts';
import { template } from './template.ts';

/** Like the page of a run: one file beside report.css, no script. */
export function renderHistory(record: History): string {
  const history = plainRecord(record);
  const { decision, changes, runs } = history;
  return template('history')({
    textOf,
    banner: comparisonBanner({ decision }),
    changes,
    runs,
    charts: drawSections(historyCharts, history),
    table: historyTable(history),
  });
}

const mostReasonWords = 20;

/** A row per run. */
function historyTable({ runs, changes }: History): Table {
  type Row = HistoryRun & { readonly place: number };
  const remarksOn = ({ id, leftOut }: HistoryRun): string =>
    [
      ...(leftOut === undefined ? [] : [`not judged: ${briefly(leftOut, mostReasonWords)}`]),
      ...changes
        .filter((change) => change.id === id)
        .map(({ metric, worse }) => `${figureName(metric)} ${worse ? 'worse' : 'better'} from here on`),
    ].join('; ');
  return tableOf<Row>(
    runs.map((run, index) => ({ ...run, place: index + 1 })),
    [
      text('Run', ({ place, name, id }) => `${place}. ${name ?? id}`),
      text('Began, UTC', ({ startedAt }) => list([formatTime(startedAt).replace(/:\d\d UTC/, '')])),
      text('Commit', ({ commit }) => commit ?? ''),
      text(
        'Verdict',
        ({ verdict, validity }) => `${verdictWord(verdict)}${validity === 'valid' ? '' : `, ${validity}`}`,
      ),
      ...knownMetrics(runs).map((metric) =>
        number(
          capitalize(figureName(metric)),
          ({ figures }: Row) => figures[metric]?.value,
          (value) => formatFigure(metric, value),
        ),
      ),
      ...(runs.some((run) => remarksOn(run) !== '') ? [text('Remarks', remarksOn)] : []),
    ],
    {
      ...{ caption: 'Runs, oldest first', noun: 'runs', empty: 'There is no run.' },
      notes: ['Figures of each run: over all its measured stages.'],
    },
  );
}

/** The decision, and a row per run. */
export function renderHistoryMarkdown(history: History): string {
  const { decision, runs } = history;
  const figures = knownMetrics(runs);
  const heads = ['Run', 'Verdict', ...figures.map(figureName)];
  const rows = runs.slice(-20).map((run) => [
    md(nameOf(run)),
    verdictWord(run.verdict),
    ...figures.map((metric) => {
      const found = run.figures[metric];
      return found ? formatFigure(metric, found.value) : noData;
    }),
  ]);
  return `## ${verdictSign(decision.verdict)} ${md(textOf(decision.question))} ${textOf(decision.answer)}\n\n**${md(textOf(decision))}**\n\n${markdownTable(
    heads,
    heads.map((_, column) => (column < 2 ? '' : 'right')),
    rows,
  )}\n`;
}
