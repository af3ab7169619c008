// Below the time chart, on the same axis: what the machine and the app carried meanwhile.

import { byteUnit, formatBytes, formatCount, formatDuration, noData } from '../format/format.ts';
import type { Series } from '../series/series.ts';
import type { Timeline } from '../series/timeline.ts';
import type { Chart } from './chart.ts';
import { type LinePanel, type Lines, lineChart } from './lines.ts';
import { clock, timeTicks } from './time-axis.ts';

const mostBands = 60;
const mostRows = 60;

type Figure = {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly className: string; readonly series: Series }[];
  readonly format: (value: number) => string;
  /** Of the axis: the figures on it are whole multiples. */
  readonly unit?: { readonly size: number; readonly name: string };
};

/** Requests in flight, each core, load, memory, credits: those that were observed. Undefined when none was. */
export function hostChart(timeline: Timeline, id = 'host'): Chart | undefined {
  const figures = figuresOf(timeline).filter(({ lines }) => lines.length > 0);
  const { beginS, durationS, stages } = timeline;
  if (figures.length === 0) return undefined;
  const endS = Math.max(beginS + 1, durationS);
  return lineChart({
    id,
    title: 'What the machine carried meanwhile',
    description: `Plots on the time axis of the chart above: ${figures.map(({ title }) => title).join('; ')}.`,
    panels: figures.map(
      ({ title, lines, format, unit }): LinePanel => ({
        title,
        format: unit
          ? (value) => (value === 0 ? '0' : `${Number((value / unit.size).toPrecision(4))} ${unit.name}`)
          : format,
        ...(unit && { unit: unit.size }),
        height: 72,
        lines: lines.flatMap(({ name, className, series }) =>
          // One line per unbroken stretch: a gap is not drawn over.
          series.map((points, stretch): Lines => ({ name: stretch === 0 ? name : '', className, points })),
        ),
      }),
    ),
    x: {
      title: 'time since the run began',
      domain: [beginS, endS],
      ticks: (width) => timeTicks(beginS, endS, width),
      format: (atS) => clock(atS, endS),
    },
    bands: stages.length <= mostBands ? stages.map(({ name, fromS, toS }) => ({ from: fromS, to: toS, name })) : [],
    table: tableOf(figures, beginS, endS),
  });
}

function figuresOf({ inFlight, cores, load1, appMemory, hostMemory, credits, instanceCpu }: Timeline): Figure[] {
  const one = (name: string, className: string, series: Series) =>
    series.length === 0 ? [] : [{ name, className, series }];
  const memory = appMemory.length > 0 ? appMemory : hostMemory;
  return [
    { title: 'Requests in flight', lines: one('', 'throughput', inFlight), format: formatCount },
    {
      title: 'CPU by core, % in use',
      lines: cores.map((series, core) => ({ name: `core ${core}`, className: `series-${core}`, series })),
      format: (value) => `${value} %`,
    },
    {
      title: 'CPU of the instance, % of what its type has',
      lines: one('', 'candidate', instanceCpu),
      format: (value) => `${value} %`,
    },
    { title: 'Load, 1 min', lines: one('', 'p99', load1), format: (value) => String(Number(value.toFixed(2))) },
    {
      // Beside the whole host's memory the app's would be a flat line.
      title: appMemory.length > 0 ? 'Memory of the app' : 'Memory in use',
      lines: one('', 'candidate', memory),
      format: formatBytes,
      unit: byteUnit(Math.max(0, ...memory.flat().map(([, bytes]) => bytes))),
    },
    { title: 'CPU credits', lines: one('', 'credits', credits), format: formatCount },
  ];
}

/** The highest value of each of sixty stretches of time; of credits too, which only fall. */
function tableOf(figures: readonly Figure[], beginS: number, endS: number) {
  const stepS = Math.max(1, Math.ceil((endS - beginS) / mostRows));
  const columns = figures.flatMap(({ title, lines, format }) =>
    lines.map(({ name, series }) => ({ name: name === '' ? title : `${title.split(',')[0]} ${name}`, series, format })),
  );
  const highest = columns.map(({ series }) => {
    const rows = new Map<number, number>();
    for (const [atS, value] of series.flat()) {
      const row = Math.floor((atS - beginS) / stepS);
      rows.set(row, Math.max(rows.get(row) ?? value, value));
    }
    return rows;
  });
  return {
    columns: ['Time', ...columns.map(({ name }) => `${name}${stepS > 1 ? ', at most' : ''}`)],
    rows: Array.from({ length: Math.ceil((endS - beginS) / stepS) }, (_, row) => [
      formatDuration(beginS + row * stepS),
      ...columns.map(({ format }, column) => {
        const value = highest[column]?.get(row);
        return value === undefined ? noData : rounded(value, format);
      }),
    ]),
  };
}

/** Percent and load have digits that say nothing. */
function rounded(value: number, format: (value: number) => string): string {
  return format(Math.abs(value) < 1000 ? Math.round(value * 100) / 100 : value);
}
