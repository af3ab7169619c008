// A week of the workload, simulated through the CPU credits of each instance type.
import { instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import { formatCount, formatPercent, noData } from '../format/format.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import type { ComparisonChart } from './compared.ts';
import type { Chart, RunChart } from './drawing/chart.ts';
import { type LinePanel, linePanel } from './drawing/line-panel.ts';
import { plotChart } from './drawing/plot.ts';
import { typeClasses } from './drawing/type-color.ts';

type Day = NonNullable<SizingRecord['types'][number]['day']>;
type Simulated = { readonly instanceType: string; readonly day: Day };

/** More panels than this are more than a screen. */
const mostTypes = 3;
const mostRows = 56;
/** Credits; below it an instance in standard mode is throttled to its baseline performance. */
const empty = 0.05;

/** CPU and credits by the hour; undefined without a workload, or when no type has credits. */
export const creditChart: RunChart = {
  id: 'day',
  section: 'sizing',
  draw: ({ judged }, id) => drawWeek(judged?.sizing?.types ?? [], id),
};

/** The same of both types of a comparison. */
export const comparedCreditChart: ComparisonChart = {
  id: 'week',
  section: 'credits',
  draw: ({ machines }, id) =>
    drawWeek(
      [machines?.baseline, machines?.candidate].flatMap((facts) =>
        facts?.sized.day
          ? [{ instanceType: facts.instanceType, day: facts.sized.day.curve.map((each) => [...each]) }]
          : [],
      ) as Simulated[],
      id,
    ),
};

function drawWeek(
  all: readonly { readonly instanceType: string; readonly day?: Day }[],
  id: string,
): Chart | undefined {
  const known = all.flatMap(({ instanceType, day }) => (day ? [{ instanceType, day }] : []));
  const types = known.slice(0, mostTypes);
  if (types.length === 0) return undefined;
  const hours = Math.max(...types.map(({ day }) => day.at(-1)?.[0] ?? 0));
  const classes = typeClasses(types.map(({ instanceType }) => instanceType));
  const className = (type: string) => classes.get(type) ?? '';
  return plotChart({
    id,
    title: hours > 170 ? `${Math.round(hours / 24)} days of this workload` : 'A week of this workload',
    description: `CPU that the workload needs on ${types.map(({ instanceType }) => instanceType).join(' and ')}, in percent of all vCPUs, and below it the remaining CPU credits of each. ${types.map(describe).join(' ')}`,
    panels: [
      linePanel({
        title: 'CPU needed',
        unit: '% of all vCPUs',
        format: (value) => `${value} %`,
        lines: types.map(({ instanceType, day }) => ({
          name: instanceType,
          className: className(instanceType),
          points: day.map((each): readonly [number, number] => [each[0], each[2]]),
        })),
        height: 90,
        named: [peakOf(types)],
      }),
      ...types.map((each) => creditPanel(each, className(each.instanceType))),
    ],
    x: {
      title: 'hours since launch',
      domain: [0, hours],
      // Days 0, 3 and 6 first: a phone has room for three.
      ticks: [0, 72, 144, 24, 48, 96, 120, 168, ...Array.from({ length: 60 }, (_, day) => day * 24)].filter(
        (hour) => hour <= hours,
      ),
      format: (hour) => `${hour} h`,
    },
    table: tableOf(types, hours),
    notes: [
      'Simulated from the measured service demand, starting with launch credits.',
      ...(known.length > types.length ? [`Shows ${types.length} of ${known.length} instance types.`] : []),
    ],
  });
}

/** The credits of one type on an axis of their own, with the hours in which it is throttled. */
function creditPanel({ instanceType, day }: Simulated, className: string) {
  const [at, lowest] = lowestOf(day);
  const bands = throttled({ instanceType, day });
  return linePanel({
    title: `Credits of ${instanceType}`,
    format: formatCount,
    lines: [
      { name: '', className, points: day.map((each): readonly [number, number] => [each[0], Math.max(0, each[1])]) },
    ],
    height: 90,
    bands,
    bandName: 'throttled',
    named: [{ at: [at, lowest], name: `lowest: ${formatCount(lowest)}` }],
  });
}

function peakOf(types: readonly Simulated[]): NonNullable<LinePanel['named']>[number] {
  const peaks = types.flatMap(({ instanceType, day }) =>
    day.map(([at, , percent]) => ({
      at: [at, percent] as const,
      name: `peak: ${formatPercent(percent)} of ${instanceType}`,
    })),
  );
  const [highest] = [...peaks].sort((a, b) => b.at[1] - a.at[1]);
  return highest ?? { at: [0, 0], name: '' };
}

function lowestOf(day: Day): readonly [number, number] {
  let lowest: readonly [number, number] = [0, Number.POSITIVE_INFINITY];
  for (const [at, balance] of day) if (balance < lowest[1]) lowest = [at, balance];
  return [lowest[0], Math.max(0, lowest[1])];
}

/** From and to, in hours: without a credit, while the workload needs more than the baseline performance. */
function throttled({ instanceType, day }: Simulated): (readonly [number, number])[] {
  const type = instanceCatalogue.find((each) => each.instanceType === instanceType);
  const baseline = type?.credits ? ((type.credits.creditsEarnedPerHour / 60) * 100) / type.vcpus : 0;
  const spans: [number, number][] = [];
  let before = 0;
  for (const [at, balance, percent] of day) {
    const last = spans.at(-1);
    if (balance <= empty && percent >= baseline) {
      if (last && last[1] >= before) last[1] = at;
      else spans.push([before, at]);
    }
    before = at;
  }
  return spans;
}

function describe(each: Simulated): string {
  const spans = throttled(each);
  const hours = spans.reduce((sum, [from, to]) => sum + to - from, 0);
  const [, lowest] = lowestOf(each.day);
  return `${each.instanceType}: lowest balance ${formatCount(lowest)}, ${hours > 0 ? `throttled for about ${formatCount(hours)} h` : 'never throttled'}.`;
}

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
