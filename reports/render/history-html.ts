// The page of a history, and its other forms.

import { historyCharts } from '../charts/all.ts';
import { drawSections } from '../charts/chart.ts';
import { knownMetrics } from '../charts/history.ts';
import { type History, type HistoryRun, nameOf } from '../comparison/history.ts';
import { formatTime, noData } from '../format/format.ts';
import { paint, verdictSign, verdictWord } from '../format/outcome.ts';
import { plainLine, plainRecord } from '../format/plain-text.ts';
import { comparisonBanner } from '../messages/banner.ts';
import { figureName, formatFigure } from '../messages/metric-text.ts';
import { sentences, textOf } from '../messages/text-of.ts';
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

/** A row per run. */
function historyTable({ runs, changes }: History): Table {
  type Row = HistoryRun & { readonly place: number };
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
          figureName(metric),
          ({ figures }: Row) => figures[metric]?.value,
          (value) => formatFigure(metric, value),
        ),
      ),
      text('Remarks', ({ id, leftOut }) =>
        [
          ...(leftOut === undefined ? [] : [`not judged: ${sentences(leftOut)}`]),
          ...changes
            .filter((change) => change.id === id)
            .map(({ metric, worse }) => `${figureName(metric)} ${worse ? 'worse' : 'better'} from here on`),
        ].join('; '),
      ),
    ],
    { caption: 'Runs, oldest first', noun: 'runs', empty: 'There is no run.' },
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

/** For a terminal. */
export function summarizeHistory({ decision, runs }: History, { color }: { readonly color: boolean }): string {
  const word = paint(decision.verdict, textOf(decision.answer), color);
  const figures = knownMetrics(runs);
  const rows = runs.slice(-12).map((run) => {
    const cells = figures.map((metric) => {
      const found = run.figures[metric];
      return (found ? formatFigure(metric, found.value) : noData).padStart(13);
    });
    return `${plainLine(run.name ?? run.id)
      .slice(0, 32)
      .padEnd(
        32,
      )}${cells.join('')}${run.leftOut === undefined ? '' : `  not judged: ${plainLine(sentences(run.leftOut))}`}`;
  });
  const head = `${'run'.padEnd(32)}${figures.map((metric) => figureName(metric).padStart(13)).join('')}`;
  return [`${textOf(decision.question)} ${word}: ${plainLine(textOf(decision))}`, head, ...rows].join('\n');
}
