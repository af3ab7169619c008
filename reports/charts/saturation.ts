// Throughput and latency against the number of connections, with the point where throughput stops rising.
import { formatCount, formatLatency, formatLatencyTick, formatNumberOf, formatRate, noData } from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { type Chart, type RunChart, shown } from './drawing/chart.ts';
import { type Lines, linePanel } from './drawing/line-panel.ts';
import type { Frame } from './drawing/panel.ts';
import { plotChart, type Scale } from './drawing/plot.ts';
import { label, rule } from './drawing/svg.ts';

/** Points closer together than pixels are one blot. */
const mostPoints = 200;

type Point = JudgedStage & { readonly connections: number; readonly throughputPerS: number };

/** Throughput from zero, and p99 below it; undefined for a load of open stages alone, which has no connections. */
export const saturationChart: RunChart = {
  id: 'saturation',
  section: 'load',
  draw: ({ judged }, id) => (judged && hasConnections(judged) ? drawSaturation(judged, id) : undefined),
};

/** Whether the load was given as connections: in at least one closed stage, or not at all. */
function hasConnections({ stages }: Pick<Judged, 'stages'>): boolean {
  const load = stages.filter(({ role }) => role === 'measured' || role === 'probe');
  return load.length === 0 || load.some(({ connections }) => connections !== undefined);
}

function drawSaturation({ stages, saturation, noSaturation }: Judged, id: string): Chart {
  const all = stages.filter(isPoint).sort((a, b) => a.connections - b.connections);
  const points = all.filter((_, index) => index % Math.ceil(all.length / mostPoints) === 0);
  const counts = [...new Set(points.map(({ connections }) => connections))];
  const answered = points.flatMap(({ latencyUs, ...point }) => (latencyUs ? [{ ...point, p99: latencyUs.p99 }] : []));
  return plotChart({
    id,
    span: 'half',
    title: 'Throughput against connections',
    description: saturation
      ? `Throughput stops rising at ${formatRate(saturation.stagePerS ?? saturation.throughputPerS)} with ${formatNumberOf(saturation.connections, 'connection')}. Below: p99 latency of each stage.`
      : `Throughput and, below, p99 latency of each measured stage. No saturation point: ${noSaturation ? textOf(noSaturation) : noData}.`,
    panels: [
      linePanel({
        title: 'Throughput',
        unit: 'requests/s',
        format: formatCount,
        height: 170,
        lines: [linesOf(points, 'throughput', ({ throughputPerS }) => throughputPerS, formatRate)],
        ...(saturation && { level: { at: saturation.stagePerS ?? saturation.throughputPerS, name: 'saturation' } }),
      }),
      linePanel({
        title: 'Latency p99',
        format: formatLatencyTick,
        height: 90,
        lines: [linesOf(answered, 'p99', ({ p99 }) => p99, formatLatency)],
      }),
    ],
    x: { title: 'connections', log: true, ticks: counts, format: formatCount },
    ...(saturation && { overlay: (x, frames) => drawMark(saturation, x, frames) }),
    table: {
      columns: ['Connections', 'Throughput', 'p50', 'p99'],
      rows: points.map(({ connections, throughputPerS, latencyUs }) => [
        formatCount(connections),
        formatRate(throughputPerS),
        shown(latencyUs?.p50, formatLatency),
        shown(latencyUs?.p99, formatLatency),
      ]),
    },
    notes:
      points.length < all.length ? [`Shows ${formatCount(points.length)} of ${formatCount(all.length)} stages.`] : [],
    ...(counts.length < 2 && { empty: 'This chart needs at least two stages with different numbers of connections.' }),
  });
}

function linesOf<T extends { readonly connections: number }>(
  points: readonly T[],
  className: string,
  value: (point: T) => number,
  format: (value: number) => string,
): Lines {
  return {
    name: '',
    className,
    points: points.map((point) => [point.connections, value(point)]),
    tips: points.map((point) => `${formatNumberOf(point.connections, 'connection')}: ${format(value(point))}`),
  };
}

function isPoint(stage: JudgedStage): stage is Point {
  const { role, connections, throughputPerS } = stage;
  return role === 'measured' && connections !== undefined && connections > 0 && throughputPerS !== undefined;
}

function drawMark(
  { connections, throughputPerS, stagePerS = throughputPerS }: NonNullable<Judged['saturation']>,
  scale: Scale,
  frames: readonly Frame[],
): string {
  const [upper, lower] = frames;
  if (!upper || !lower) return '';
  const x = scale(connections);
  const onRight = x < (upper.left + upper.right) / 2;
  const name = (text: string, y: number) =>
    label(text, { x: onRight ? x + 8 : x - 8, y }, 'mark-name', onRight ? 'start' : 'end');
  return (
    rule(x, upper.top, x, lower.bottom, 'mark') +
    name(`saturation: ${formatRate(stagePerS)}`, upper.bottom - 26) +
    name(`with ${formatNumberOf(connections, 'connection')}`, upper.bottom - 11)
  );
}
