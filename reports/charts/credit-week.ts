// Chart: a week of the traffic that was told, through the credit bank of each type.

import { formatCount, formatPercent, noData } from '../format/format.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { Chart } from './chart.ts';
import { lineChart } from './lines.ts';

type Replayed = Pick<SizingRecord['types'][number], 'instanceType' | 'day'>;

/** More types in one plot than this cannot be told apart. */
const mostTypes = 4;
const mostRows = 56;

/** CPU and credits by the hour; undefined without traffic, or when no type has credits. */
export function dayChart({ types }: { readonly types: readonly Replayed[] }, id = 'day'): Chart | undefined {
  const replayed = types.flatMap(({ instanceType, day }) => (day ? [{ instanceType, day }] : []));
  const shown = replayed.slice(0, mostTypes);
  if (shown.length === 0) return undefined;
  const hours = Math.max(...shown.map(({ day }) => day.at(-1)?.[0] ?? 0));
  const hoursToRow = Math.max(3, Math.ceil(hours / mostRows));
  const lines = (of: 1 | 2) =>
    shown.map(({ instanceType, day }, index) => ({
      name: instanceType,
      className: `series-${index}`,
      points: day.map((each): readonly [number, number] => [each[0], each[of]]),
    }));
  return lineChart({
    id,
    title: hours > 170 ? `${Math.round(hours / 24)} days of this traffic` : 'A week of this traffic',
    description: `CPU that the traffic wants of ${shown.map(({ instanceType }) => instanceType).join(' and of ')}, in percent of all its vCPUs, and below it the CPU credits that are left. At 0 credits a type in standard mode falls to its credit baseline.`,
    panels: [
      { title: 'CPU wanted, % of all vCPUs', format: (value) => `${value} %`, lines: lines(2), height: 110 },
      { title: 'CPU credits', format: formatCount, lines: lines(1), height: 130 },
    ],
    x: {
      title: 'hours since the launch',
      domain: [0, hours],
      ticks: Array.from({ length: Math.floor(hours / 24) + 1 }, (_, day) => day * 24),
      format: (hour) => `${hour} h`,
    },
    table: {
      columns: [
        'Hour',
        ...shown.flatMap(({ instanceType }) => [`CPU of ${instanceType}`, `Credits of ${instanceType}`]),
      ],
      rows: Array.from({ length: Math.ceil(hours / hoursToRow) }, (_, row) => {
        const [from, to] = [row * hoursToRow, Math.min(hours, (row + 1) * hoursToRow)];
        return [`${to} h`, ...shown.flatMap(({ day }) => summarize(day, from, to))];
      }),
    },
    notes: [
      'Simulated from what was measured, with the credits of a launch; CPU is the mean of each stretch, credits the lowest in it.',
      ...(replayed.length > shown.length ? [`${shown.length} of ${replayed.length} types are drawn.`] : []),
    ],
  });
}

/** Mean CPU and lowest balance between two hours. */
function summarize(day: NonNullable<Replayed['day']>, from: number, to: number): [string, string] {
  let [before, wanted, over, lowest] = [0, 0, 0, Number.POSITIVE_INFINITY];
  for (const [at, balance, percent] of day) {
    const within = Math.min(at, to) - Math.max(before, from);
    before = at;
    // Hours are rounded to thousandths.
    if (within < 0.01) continue;
    wanted += within * percent;
    over += within;
    lowest = Math.min(lowest, balance);
  }
  return over === 0 ? [noData, noData] : [formatPercent(wanted / over), formatCount(lowest)];
}
