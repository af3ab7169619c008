// Below the time chart, on the same axis: requests in flight and the metrics of the host.
import { max } from 'd3-array';
import { byteUnit, formatBytes, formatCount, formatDuration, noData } from '../format/format.ts';
import type { Series } from '../series/series.ts';
import type { Timeline } from '../series/timeline.ts';
import { bandsOf } from './drawing/bands.ts';
import type { ChartTable, RunChart } from './drawing/chart.ts';
import { type LinePanel, linePanel, seriesLines } from './drawing/line-panel.ts';
import { plotChart } from './drawing/plot.ts';
import { timeAxis } from './drawing/time-axis.ts';

const mostRows = 60;

type Figure = Omit<LinePanel, 'lines'> & {
  readonly lines: readonly { readonly name: string; readonly className: string; readonly series: Series }[];
};

/** Requests in flight, cores, load, memory, credits: those that were observed; undefined when none was. */
export const hostChart: RunChart = {
  id: 'host',
  section: 'time',
  draw: ({ timeline }, id) => {
    const figures = figuresOf(timeline).filter(({ lines }) => lines.length > 0);
    const { beginS, durationS } = timeline;
    if (figures.length === 0) return undefined;
    const endS = Math.max(beginS + 1, durationS);
    return plotChart({
      id,
      title: 'Requests in flight and host metrics over time',
      description: `On the time axis of the chart above: ${figures.map(({ title, unit }) => (unit ? `${title}, ${unit}` : title)).join('; ')}.`,
      panels: figures.map(({ lines, ...figure }) =>
        linePanel({ ...figure, height: 72, lines: lines.flatMap(seriesLines) }),
      ),
      x: timeAxis(beginS, endS),
      bands: bandsOf(timeline),
      table: tableOf(figures, beginS, endS),
    });
  },
};

function figuresOf({ inFlight, cores, load1, appMemory, hostMemory, credits }: Timeline): Figure[] {
  const one = (className: string, series: Series) => (series.length === 0 ? [] : [{ name: '', className, series }]);
  const percent = (value: number) => `${value} %`;
  const memory = appMemory.length > 0 ? appMemory : hostMemory;
  const { size, name } = byteUnit(max(memory.flat(), ([, bytes]) => bytes) ?? 0);
  return [
    { title: 'Requests in flight', lines: one('throughput', inFlight), format: formatCount },
    {
      title: 'CPU by core',
      unit: '% busy',
      most: 100,
      lines: cores.map((series, core) => ({ name: `core ${core}`, className: `series-${core}`, series })),
      format: percent,
    },
    {
      title: 'Load average',
      unit: '1 min',
      lines: one('p99', load1),
      format: (value) => String(Number(value.toFixed(2))),
    },
    {
      // On one scale with the host's memory the app's would be a flat line.
      title: appMemory.length > 0 ? 'Memory of the app' : 'Memory in use',
      lines: one('candidate', memory),
      format: (bytes) => (bytes === 0 ? '0' : `${Number((bytes / size).toPrecision(4))} ${name}`),
      step: size,
    },
    { title: 'CPU credits', lines: one('credits', credits), format: formatCount },
  ];
}

/** The highest value of each of sixty intervals. */
function tableOf(figures: readonly Figure[], beginS: number, endS: number): ChartTable {
  const stepS = Math.max(1, Math.ceil((endS - beginS) / mostRows));
  const columns = figures.flatMap(({ title, lines, format, step }) =>
    lines.map(({ name, series }) => ({
      name: name === '' ? title : `${title}, ${name}`,
      highest: highestOf(series, (atS) => Math.floor((atS - beginS) / stepS)),
      format: step === undefined ? format : formatBytes,
    })),
  );
  return {
    columns: ['Time', ...columns.map(({ name }) => `${name}${stepS > 1 ? ', highest' : ''}`)],
    rows: Array.from({ length: Math.ceil((endS - beginS) / stepS) }, (_, row) => [
      formatDuration(beginS + row * stepS),
      ...columns.map(({ format, highest }) => {
        const value = highest.get(row);
        return value === undefined ? noData : format(rounded(value));
      }),
    ]),
  };
}

function highestOf(series: Series, rowOf: (atS: number) => number): Map<number, number> {
  const rows = new Map<number, number>();
  for (const [atS, value] of series.flat()) rows.set(rowOf(atS), Math.max(rows.get(rowOf(atS)) ?? value, value));
  return rows;
}

/** Further digits of a percentage or a load are noise. */
function rounded(value: number): number {
  return Math.abs(value) < 1000 ? Math.round(value * 100) / 100 : value;
}
