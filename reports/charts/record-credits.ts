// A record of CPU on each type: its demand and the CPU credits, over the whole record and over its worst day.
import { formatCount, formatPercent, formatTime } from '../format/format.ts';
import { minute } from '../messages/recorded.ts';
import type { CurveEntry, RecordCurve } from '../recorded/record-curve.ts';
import type { RecordPage } from '../recorded/record-page.ts';
import type { Chart, ChartEntry } from './drawing/chart.ts';
import { type Lines, linePanel } from './drawing/line-panel.ts';
import { plotChart, type XAxis } from './drawing/plot.ts';
import { typeClasses } from './drawing/type-color.ts';

export type RecordChart = ChartEntry<RecordPage, 'record' | 'day'>;

type Drawn = {
  readonly instanceType: string;
  readonly vcpus: number;
  readonly mode?: string;
  readonly curve: RecordCurve;
};

/** More lines in one plot cannot be distinguished. */
const mostTypes = 4;
const mostRows = 48;
const hourMs = 3_600_000;

/** The whole record. */
export const recordChart: RecordChart = {
  id: 'record',
  section: 'record',
  draw: ({ sizing: { instances, history } }, id) => {
    const days = (Date.parse(history.to) - Date.parse(history.from)) / (24 * hourMs);
    return drawRecord(id, instances, history, {
      title: days < 2 ? 'The record' : `${Math.round(days)} days of this record`,
      format: (ms) => (days < 2 ? clock(ms) : dayOf(ms)),
      stepMs: days < 2 ? hourMs : 24 * hourMs,
      notes: [
        'Computed from the recorded CPU. The pictures show the highest demand and the lowest balance of each interval; above 100 % work is not done in time.',
      ],
    });
  },
};

/** The day of the lowest balance. */
export const recordDayChart: RecordChart = {
  id: 'worst-day',
  section: 'day',
  draw: ({ worstDay }, id) =>
    drawRecord(id, worstDay.types, worstDay, {
      title: `The worst day: ${formatTime(worstDay.from).slice(0, 10)}`,
      format: clock,
      stepMs: hourMs,
    }),
};

type Window = { readonly from: string; readonly to: string };
type Look = {
  readonly title: string;
  readonly format: XAxis['format'];
  readonly stepMs: number;
  readonly notes?: readonly string[];
};

function drawRecord(
  id: string,
  all: readonly Drawn[],
  { from, to }: Window,
  { title, format, stepMs, notes = [] }: Look,
): Chart {
  const types = all.slice(0, mostTypes);
  const names = types.map(({ instanceType }) => instanceType).join(' and ');
  const classes = typeClasses(types.map(({ instanceType }) => instanceType));
  const [beginMs, endMs] = [Date.parse(from), Date.parse(to)];
  const lines = (of: (entry: CurveEntry, type: Drawn) => number, which: readonly Drawn[]) =>
    which.flatMap((type) =>
      type.curve.map(
        (entries, stretch): Lines => ({
          name: stretch === 0 ? type.instanceType : '',
          className: classes.get(type.instanceType) ?? '',
          points: entries.map((entry): readonly [number, number] => [entry[0], Number(of(entry, type).toFixed(2))]),
        }),
      ),
    );
  const mostPercent = Math.max(
    ...types.flatMap(({ curve, vcpus }) => curve.flat().map(([, , , most]) => (100 * most) / vcpus)),
  );
  const burstable = types.filter(({ mode }) => mode !== undefined);
  return plotChart({
    id,
    title,
    description: `Demand on ${names} in percent of all vCPUs, and below it the CPU credits. At 0 credits an instance in standard mode is throttled to its baseline performance.`,
    panels: [
      linePanel({
        title: 'Demand',
        unit: '% of all vCPUs',
        format: (value) => `${value} %`,
        lines: lines((entry, { vcpus }) => (100 * entry[3]) / vcpus, types),
        // The axis reaches up to it: far above all demand it would flatten the lines.
        ...(mostPercent > 25 && { level: { at: 100, name: 'all vCPUs' } }),
        height: 120,
      }),
      ...(burstable.length > 0
        ? [
            linePanel({
              title: 'CPU credits',
              format: formatCount,
              lines: lines((entry) => entry[1], burstable),
              height: 150,
            }),
          ]
        : []),
    ],
    x: {
      title: 'time, UTC',
      domain: [beginMs, endMs],
      ticks: (width) => ticksOf(beginMs, endMs, stepMs, width),
      format,
    },
    table: tableOf(types, beginMs, endMs),
    notes: [...notes, ...(all.length > types.length ? [`Shows ${types.length} of ${all.length} instance types.`] : [])],
  });
}

/** Whole hours or days, as many as fit. */
function ticksOf(beginMs: number, endMs: number, stepMs: number, width: number): number[] {
  const room = Math.max(2, Math.floor(width / 64));
  const every = Math.max(1, Math.ceil((endMs - beginMs) / stepMs / room));
  const first = Math.ceil(beginMs / stepMs);
  const count = Math.floor(endMs / stepMs) - first + 1;
  return Array.from({ length: Math.max(0, Math.ceil(count / every)) }, (_, index) => (first + index * every) * stepMs);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dayOf(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

function tableOf(types: readonly Drawn[], beginMs: number, endMs: number): Chart['table'] {
  const rowMs = Math.max(hourMs, Math.ceil((endMs - beginMs) / mostRows / hourMs) * hourMs);
  const columns = types.flatMap(({ instanceType }) => [`Demand on ${instanceType}`, `Credits of ${instanceType}`]);
  const rows = Array.from({ length: Math.ceil((endMs - beginMs) / rowMs) }, (_, row) => {
    const [from, to] = [beginMs + row * rowMs, beginMs + (row + 1) * rowMs];
    return [minute(new Date(from).toISOString()), ...types.flatMap((type) => summarize(type, from, to))];
  });
  return { columns: ['From', ...columns], rows };
}

/** Highest demand and lowest balance of the entries that end between two times. */
function summarize({ curve, vcpus, mode }: Drawn, from: number, to: number): [string, string] {
  const entries = curve.flat().filter(([endMs]) => endMs > from && endMs <= to);
  if (entries.length === 0) return ['-', '-'];
  const most = Math.max(...entries.map(([, , , highest]) => highest));
  const least = Math.min(...entries.map(([, balance]) => balance));
  return [formatPercent((100 * most) / vcpus), mode === undefined ? '-' : formatCount(least)];
}
