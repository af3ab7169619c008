// A week of the workload, simulated through the CPU credits of each instance type.
import { formatCount, formatPercent, noData } from '../format/format.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { Chart, RunChart } from './chart.ts';
import { linePanel } from './line-panel.ts';
import { plotChart } from './plot.ts';

type Day = NonNullable<SizingRecord['types'][number]['day']>;
type Simulated = { readonly instanceType: string; readonly day: Day };

/** More lines in one plot cannot be distinguished. */
const mostTypes = 4;
const mostRows = 56;

/** CPU and credits by the hour; undefined without a workload, or when no type has credits. */
export const creditChart: RunChart = {
  id: 'day',
  section: 'sizing',
  draw: ({ judged }, id) => {
    const all = (judged?.sizing?.types ?? []).flatMap(({ instanceType, day }) => (day ? [{ instanceType, day }] : []));
    const types = all.slice(0, mostTypes);
    if (types.length === 0) return undefined;
    const hours = Math.max(...types.map(({ day }) => day.at(-1)?.[0] ?? 0));
    const lines = (of: 1 | 2) =>
      types.map(({ instanceType, day }, index) => ({
        name: instanceType,
        className: `series-${index}`,
        points: day.map((each): readonly [number, number] => [each[0], each[of]]),
      }));
    return plotChart({
      id,
      title: hours > 170 ? `${Math.round(hours / 24)} days of this workload` : 'A week of this workload',
      description: `CPU that the workload needs on ${types.map(({ instanceType }) => instanceType).join(' and ')}, in percent of all vCPUs, and below it the remaining CPU credits. At 0 credits an instance in standard mode is throttled to its baseline performance.`,
      panels: [
        linePanel({
          title: 'CPU needed',
          unit: '% of all vCPUs',
          format: (value) => `${value} %`,
          lines: lines(2),
          height: 110,
        }),
        linePanel({ title: 'CPU credits', format: formatCount, lines: lines(1), height: 130 }),
      ],
      x: {
        title: 'hours since launch',
        domain: [0, hours],
        ticks: Array.from({ length: Math.floor(hours / 24) + 1 }, (_, day) => day * 24),
        format: (hour) => `${hour} h`,
      },
      table: tableOf(types, hours),
      notes: [
        'Simulated from the measured service demand, starting with launch credits. The table shows mean CPU and the lowest credit balance of each interval.',
        ...(all.length > types.length ? [`Shows ${types.length} of ${all.length} instance types.`] : []),
      ],
    });
  },
};

function tableOf(types: readonly Simulated[], hours: number): Chart['table'] {
  const hoursToRow = Math.max(3, Math.ceil(hours / mostRows));
  return {
    columns: ['Hour', ...types.flatMap(({ instanceType }) => [`CPU of ${instanceType}`, `Credits of ${instanceType}`])],
    rows: Array.from({ length: Math.ceil(hours / hoursToRow) }, (_, row) => {
      const [from, to] = [row * hoursToRow, Math.min(hours, (row + 1) * hoursToRow)];
      return [`${to} h`, ...types.flatMap(({ day }) => summarize(day, from, to))];
    }),
  };
}

/** Mean CPU and lowest balance between two hours. */
function summarize(day: Day, from: number, to: number): [string, string] {
  let [before, needed, over, lowest] = [0, 0, 0, Number.POSITIVE_INFINITY];
  for (const [at, balance, percent] of day) {
    const within = Math.min(at, to) - Math.max(before, from);
    before = at;
    // Hours are rounded to thousandths.
    if (within < 0.01) continue;
    needed += within * percent;
    over += within;
    lowest = Math.min(lowest, balance);
  }
  return over === 0 ? [noData, noData] : [formatPercent(needed / over), formatCount(lowest)];
}
