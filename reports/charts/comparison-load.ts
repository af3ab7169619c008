// Throughput and p99 of two runs over the load that both were put under.
import { formatCount, formatLatency, formatLatencyTick, formatRate } from '../format/format.ts';
import { describeFewCores } from '../messages/few-cores.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { type ComparisonChart, sidesOf } from './compared.ts';
import { shown } from './drawing/chart.ts';
import { type Lines, linePanel } from './drawing/line-panel.ts';
import { plotChart } from './drawing/plot.ts';

type Figure = (stage: JudgedStage) => number | undefined;
type Format = (value: number) => string;
type DrawnSide = ReturnType<typeof sidesOf>[number];
type LoadAxis = { readonly load: Figure; readonly unit: string };

const throughputOf: Figure = ({ throughputPerS }) => throughputPerS;
const p99Of: Figure = ({ latencyUs }) => latencyUs?.p99;

/** Load is connections, or the arrival rate when no stage has connections. */
export const loadChart: ComparisonChart = {
  id: 'load',
  section: 'load',
  draw: (comparison, id) => {
    const sides = sidesOf(comparison);
    const isOpen = sides.every(({ judged }) => !judged.stages.some((stage) => isLoad(stage) && stage.connections));
    const axis: LoadAxis = isOpen
      ? { load: ({ arrivalRatePerS }) => arrivalRatePerS?.to, unit: 'arrivals/s' }
      : { load: ({ connections }) => connections, unit: 'connections' };
    const throughput = sides.map((side) => lineOf(side, axis, throughputOf, formatRate));
    const p99 = sides.map((side) => lineOf(side, axis, p99Of, formatLatency));
    const emptyThroughput = sides.flatMap((side) => dotsWithoutCredits(side, axis, throughputOf, formatRate));
    const emptyP99 = sides.flatMap((side) => dotsWithoutCredits(side, axis, p99Of, formatLatency));
    const loads = [...new Set(throughput.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
    return plotChart({
      id,
      title: `Throughput and latency against ${isOpen ? 'arrival rate' : 'connections'}`,
      description: `Both runs against load. Above: completed requests per second. Below: p99 latency of each stage. The hollow dots are the stage without CPU credits.`,
      panels: [
        linePanel({
          title: 'Throughput',
          unit: 'requests/s',
          // One entry of the legend for both types.
          lines: [
            ...throughput,
            ...emptyThroughput.map((each, index) => ({ ...each, name: index === 0 ? each.name : '' })),
          ],
          format: formatCount,
        }),
        // The legend is that of the panel above.
        linePanel({
          title: 'Latency p99',
          lines: [...p99, ...emptyP99].map((each) => ({ ...each, name: '' })),
          format: formatLatencyTick,
          log: true,
        }),
      ],
      notes: describeFewCores(...sides.map(({ run }) => run)),
      x: { title: axis.unit, log: loads.length > 1, ticks: loads, format: formatCount },
      table: {
        columns: ['Load', ...sides.flatMap(({ label }) => [`${label}: throughput`, `${label}: p99`])],
        rows: loads.map((at) => [
          formatCount(at),
          ...sides.flatMap((_, side) => [
            shown(valueAt(throughput[side], at), formatRate),
            shown(valueAt(p99[side], at), formatLatency),
          ]),
        ]),
      },
      ...(loads.length < 2 && { empty: 'This chart needs at least two loads. The tables have the figures.' }),
    });
  },
};

function lineOf(
  { label, className, judged }: DrawnSide,
  { load, unit }: LoadAxis,
  figure: Figure,
  format: Format,
): Lines {
  const points = pointsOf(judged.stages.filter(isLoad), load, figure);
  const tips = points.map(([x, y]) => `${label}, ${formatCount(x)} ${unit}: ${format(y)}`);
  return { name: label, className, points, tips };
}

function dotsWithoutCredits(
  { label, className, judged }: DrawnSide,
  { load, unit }: LoadAxis,
  figure: Figure,
  format: Format,
): Lines[] {
  const without = judged.stages.filter(({ role }) => role === 'sustained');
  const points = pointsOf(without, load, figure);
  if (points.length === 0) return [];
  const tips = points.map(([x, y]) => `${label} without CPU credits, ${formatCount(x)} ${unit}: ${format(y)}`);
  return [{ name: 'no credits', className: `${className} without`, points, tips, unjoined: true }];
}

function isLoad({ role }: JudgedStage): boolean {
  return role === 'measured' || role === 'probe';
}

/** One point a load: of several stages under it the last, which a run visits in blocks. */
function pointsOf(stages: readonly JudgedStage[], load: Figure, figure: Figure): (readonly [number, number])[] {
  const points = new Map(
    stages.flatMap((stage) => {
      const [x, y] = [load(stage), figure(stage)];
      return x === undefined || x <= 0 || y === undefined ? [] : [[x, y] as const];
    }),
  );
  return [...points].sort(([a], [b]) => a - b);
}

function valueAt(lines: Lines | undefined, at: number): number | undefined {
  return lines?.points.find(([x]) => x === at)?.[1];
}
