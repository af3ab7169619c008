// The page of a history, and its other forms.

import type { Chart } from '../charts/chart.ts';
import { type LinePanel, lineChart } from '../charts/lines.ts';
import {
  type History,
  type HistoryFigure,
  type HistoryMetric,
  type HistoryRun,
  historyFigures,
  nameOf,
} from '../comparison/history.ts';
import { formatCount, formatLatencyTick, formatPercent, formatTime, noData } from '../format/format.ts';
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
    chart: historyChart(history),
    table: historyTable(history),
  });
}

/** Each figure over the runs, with its intervals, and its changes marked. */
export function historyChart({ runs, changes }: History, id = 'history'): Chart {
  const panel = (metric: HistoryMetric): LinePanel => {
    const points = runs.flatMap((run, index) => {
      const found = run.figures[metric];
      return found && run.leftOut === undefined ? [{ run, x: index + 1, found }] : [];
    });
    return {
      title: `${figureName(metric).replace(/^./, (letter) => letter.toUpperCase())}${isRate(metric) ? ', requests/s' : ''}`,
      format: isRate(metric) ? formatCount : metric === 'errors.rate' ? formatPercent : formatLatencyTick,
      height: metric === 'errors.rate' ? 60 : 120,
      lines: [
        {
          name: '',
          className: isRate(metric) ? 'throughput' : metric === 'errors.rate' ? 'errors' : 'candidate',
          points: points.map(({ x, found }) => [x, found.value]),
          intervals: points.flatMap(({ x, found: { low, high } }) =>
            low === undefined || high === undefined ? [] : [[x, Math.max(0, low), high]],
          ),
          tips: points.map(({ run, found }) => `${nameOf(run)}: ${interval(metric, found)}`),
        },
      ],
    };
  };
  const places = [...new Set(changes.map(({ id }) => id))].map((id) => runs.findIndex((each) => each.id === id) + 1);
  const shown = known(runs);
  return lineChart({
    id,
    title: 'Figures over the runs',
    description: `Each figure of each of ${runs.length} runs, in the order in which they began, with its 95 % interval. Vertical lines are runs with which a figure changed its level.`,
    panels: shown.map(panel),
    x: {
      title: 'runs, oldest first',
      ticks: runs.map((_, index) => index + 1),
      format: (place) => formatCount(place),
    },
    marks: places.map((at) => ({ at, name: `run ${at}` })),
    notes: [
      ...(runs.some((run) => run.leftOut !== undefined)
        ? [
            'Runs that are partial, invalid, or of another machine, type or profile than the last are not drawn; the table says which.',
          ]
        : []),
    ],
    table: { columns: [], rows: [] },
    ...(runs.length < 2 && { empty: 'One run is no history.' }),
  });
}

/** The figures that any of the runs has. */
function known(runs: readonly HistoryRun[]): readonly HistoryMetric[] {
  return historyFigures.filter((metric) => runs.some((run) => run.figures[metric]));
}

function isRate(metric: HistoryMetric): boolean {
  return metric === 'throughput' || metric === 'capacity';
}

function interval(metric: HistoryMetric, { value, low, high }: HistoryFigure): string {
  const told = formatFigure(metric, value);
  if (low === undefined || high === undefined) return told;
  return `${told} (95 %: ${formatFigure(metric, Math.max(0, low))} to ${formatFigure(metric, high)})`;
}

/** A row per run. */
function historyTable({ runs, changes }: History): Table {
  const figures = known(runs);
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
  const figures = known(runs);
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
  const figures = known(runs);
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
