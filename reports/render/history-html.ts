// The page of a history, and its other forms.

import { historyCharts } from '../charts/all.ts';
import { drawSections } from '../charts/chart.ts';
import { knownMetrics } from '../charts/history.ts';
import { type History, nameOf } from '../comparison/history.ts';
import { formatTime, noData } from '../format/format.ts';
import { paint, verdictSign, verdictWord } from '../format/outcome.ts';
import { plainLine, plainRecord } from '../format/plain-text.ts';
import { figureName, formatFigure } from '../messages/metric-text.ts';
import { sentences, textOf } from '../messages/text-of.ts';
import { type Cell, cut, figure, type Table, words } from '../tables/table.ts';
import { markdownTable, md } from './markdown-text.ts';
import { template } from './template.ts';

/** Like the page of a run: one file beside report.css, no script. */
export function renderHistory(record: History): string {
  const history = plainRecord(record);
  const { decision, changes, runs } = history;
  return template('history')({
    textOf,
    decision,
    changes,
    runs,
    charts: drawSections(historyCharts, history),
    table: historyTable(history),
  });
}

/** A row per run. */
function historyTable({ runs, changes }: History): Table {
  const figures = knownMetrics(runs);
  const { shown, note } = cut(
    runs.map((run, index) => ({ run, place: index + 1 })),
    'runs',
  );
  return {
    caption: 'Runs, oldest first',
    columns: [
      { name: 'Run', kind: 'text' },
      { name: 'Began, UTC', kind: 'text' },
      { name: 'Commit', kind: 'text' },
      { name: 'Verdict', kind: 'text' },
      ...figures.map((metric) => ({ name: figureName(metric), kind: 'number' as const })),
      { name: 'Remarks', kind: 'text' },
    ],
    rows: shown.map(({ run, place }): Cell[] => [
      words(`${place}. ${run.name ?? run.id}`),
      { text: formatTime(run.startedAt).replace(/:\d\d UTC/, ''), kind: 'list' },
      words(run.commit ?? ''),
      words(`${verdictWord(run.verdict)}${run.validity === 'valid' ? '' : `, ${run.validity}`}`),
      ...figures.map((metric) => figure(run.figures[metric]?.value, (value) => formatFigure(metric, value))),
      words(
        [
          ...(run.leftOut === undefined ? [] : [`not judged: ${sentences(run.leftOut)}`]),
          ...changes
            .filter((change) => change.id === run.id)
            .map(({ metric, worse }) => `${figureName(metric)} ${worse ? 'worse' : 'better'} from here on`),
        ].join('; '),
      ),
    ]),
    empty: 'There is no run.',
    ...(note !== undefined && { note }),
  };
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
