// The metrics of a history of runs, with their intervals and their changes of level.
import {
  type History,
  type HistoryFigure,
  type HistoryMetric,
  type HistoryRun,
  historyFigures,
  nameOf,
} from '../comparison/history.ts';
import { formatCount, formatLatencyTick, formatPercent } from '../format/format.ts';
import { figureName, formatFigure } from '../messages/metric-text.ts';
import type { ChartEntry } from './drawing/chart.ts';
import { linePanel } from './drawing/line-panel.ts';
import { type Panel, plotChart } from './drawing/plot.ts';

export type HistoryChart = ChartEntry<History, 'history'>;

/** Two points are no line: the table says all there is. */
const fewestDrawn = 3;

/** A panel for each metric that any of the runs has. */
export const historyChart: HistoryChart = {
  id: 'history',
  section: 'history',
  draw: ({ runs, changes }, id) => {
    if (runs.filter(({ leftOut }) => leftOut === undefined).length < fewestDrawn) return undefined;
    const places = [...new Set(changes.map(({ id }) => id))].map(
      (change) => runs.findIndex((each) => each.id === change) + 1,
    );
    return plotChart({
      id,
      title: 'Metrics by run',
      description: `Each metric of ${runs.length} runs, oldest first, with 95 % intervals. Vertical lines mark runs at which a metric changed its level.`,
      panels: drawnMetrics(runs).map((metric) => panelOf(metric, runs)),
      x: { title: 'runs, oldest first', ticks: runs.map((_, index) => index + 1), format: formatCount },
      marks: places.map((at) => ({ at, name: `run ${at}` })),
      notes: [
        'Vertical bars: 95 % intervals.',
        ...(runs.some((run) => run.leftOut !== undefined)
          ? ['Not drawn: runs that are partial, invalid, or of another machine, type or profile. The table names them.']
          : []),
      ],
      table: { columns: [], rows: [] },
    });
  },
};

/** The metrics that any of the runs has. */
export function knownMetrics(runs: readonly HistoryRun[]): readonly HistoryMetric[] {
  return historyFigures.filter((metric) => runs.some((run) => run.figures[metric]));
}

/** Without errors where there are none: the table says so. */
function drawnMetrics(runs: readonly HistoryRun[]): readonly HistoryMetric[] {
  return knownMetrics(runs).filter(
    (metric) => metric !== 'errors.rate' || runs.some(({ figures }) => (figures[metric]?.value ?? 0) > 0),
  );
}

function panelOf(metric: HistoryMetric, runs: readonly HistoryRun[]): Panel {
  const points = runs.flatMap((run, index) => {
    const found = run.figures[metric];
    return found && run.leftOut === undefined ? [{ run, x: index + 1, found }] : [];
  });
  const isRate = metric === 'throughput' || metric === 'capacity';
  const isErrors = metric === 'errors.rate';
  return linePanel({
    title: figureName(metric).replace(/^./, (letter) => letter.toUpperCase()),
    ...(isRate && { unit: 'requests/s' }),
    format: isRate ? formatCount : isErrors ? formatPercent : (us) => (us === 0 ? '0' : formatLatencyTick(us)),
    height: isErrors ? 60 : 120,
    lines: [
      {
        name: '',
        className: isRate ? 'throughput' : isErrors ? 'errors' : 'candidate',
        points: points.map(({ x, found }) => [x, found.value]),
        intervals: points.flatMap(({ x, found: { low, high } }) =>
          low === undefined || high === undefined ? [] : [[x, Math.max(0, low), high]],
        ),
        tips: points.map(({ run, found }) => `${nameOf(run)}: ${describe(metric, found)}`),
      },
    ],
  });
}

function describe(metric: HistoryMetric, { value, low, high }: HistoryFigure): string {
  const text = formatFigure(metric, value);
  if (low === undefined || high === undefined) return text;
  return `${text} (95 % interval: ${formatFigure(metric, Math.max(0, low))} to ${formatFigure(metric, high)})`;
}
