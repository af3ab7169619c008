// Throughput and p99 of two runs over the load that both were put under.
import type { RunRecord } from '../../model/run-record.ts';
import { formatCount, formatLatency, formatLatencyTick, formatRate } from '../format/format.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { type ComparisonChart, sidesOf } from './compared.ts';
import { shown } from './drawing/chart.ts';
import { type Lines, linePanel } from './drawing/line-panel.ts';
import { plotChart } from './drawing/plot.ts';

type Figure = (stage: JudgedStage) => number | undefined;

/** Load is connections, or the arrival rate when no stage has connections. */
export const loadChart: ComparisonChart = {
  id: 'load',
  section: 'load',
  draw: (comparison, id) => {
    const sides = sidesOf(comparison);
    const isOpen = sides.every(({ judged }) => !judged.stages.some((stage) => isLoad(stage) && stage.connections));
    const load: Figure = (stage) => (isOpen ? stage.arrivalRatePerS?.to : stage.connections);
    const unit = isOpen ? 'arrivals/s' : 'connections';
    const lines = (figure: Figure, format: (value: number) => string) =>
      sides.map(({ label, className, judged }): Lines => {
        const points = pointsOf(judged.stages.filter(isLoad), load, figure);
        const tips = points.map(([x, y]) => `${label}, ${formatCount(x)} ${unit}: ${format(y)}`);
        return { name: label, className, points, tips };
      });
    const without = (figure: Figure, format: (value: number) => string) =>
      sides.flatMap(({ label, className, judged }): Lines[] => {
        const points = pointsOf(
          judged.stages.filter(({ role }) => role === 'sustained'),
          load,
          figure,
        );
        if (points.length === 0) return [];
        const tips = points.map(([x, y]) => `${label} without CPU credits, ${formatCount(x)} ${unit}: ${format(y)}`);
        return [{ name: 'no credits', className: `${className} without`, points, tips, unjoined: true }];
      });
    const throughput = lines((stage) => stage.throughputPerS, formatRate);
    const p99 = lines((stage) => stage.latencyUs?.p99, formatLatency);
    const emptyThroughput = without((stage) => stage.throughputPerS, formatRate);
    const emptyP99 = without((stage) => stage.latencyUs?.p99, formatLatency);
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
      notes: sides.flatMap(fewCoresNote),
      x: { title: unit, log: loads.length > 1, ticks: loads, format: formatCount },
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

/** Its curve is that of fewer cores than it has vCPUs. */
function fewCoresNote({ label, run }: { readonly label: string; readonly run?: RunRecord }): string[] {
  const { vcpus = 1, vcpuShare = 1, vcpuShareAtBaseline } = run?.target ?? {};
  if (vcpuShareAtBaseline === undefined || vcpuShare >= 1) return [];
  return [`${label}: ${vcpus} vCPUs shared ${formatCount(vcpus * vcpuShare)} core here; its burst capacity is higher.`];
}
