// Chart 2: throughput and latency against the number of connections, with the point where throughput stops rising.
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { formatCount, formatLatency, formatLatencyTick, formatNumberOf, formatRate, noData } from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import { type Chart, type Size, widths } from './chart.ts';
import { type Frame, fromZero, margin, panelTitle, valueAxis } from './panel.ts';
import { element, label, picture, rule, tooltip } from './svg.ts';

/** Points closer together than pixels are one blot. */
const mostPoints = 200;

type Point = JudgedStage & { readonly connections: number; readonly throughputPerS: number };

/** Throughput from zero, and p99 under it; connections on a logarithmic axis. */
export function saturationChart(
  judged: Pick<Judged, 'stages' | 'saturation' | 'noSaturation'>,
  id = 'saturation',
): Chart {
  const title = 'Throughput against connections';
  const all = judged.stages.filter(isPoint).sort((a, b) => a.connections - b.connections);
  const points = all.filter((_, index) => index % Math.ceil(all.length / mostPoints) === 0);
  const { saturation } = judged;
  const description = saturation
    ? `Throughput stops rising at ${formatRate(saturation.throughputPerS)} with ${formatNumberOf(saturation.connections, 'connection')}; below, the p99 latency of each stage.`
    : `Throughput and, below, p99 latency of each measured stage. No saturation point: ${judged.noSaturation ? textOf(judged.noSaturation) : noData}.`;
  const base = {
    id,
    title,
    description,
    table: {
      columns: ['Connections', 'Throughput', 'p50', 'p99'],
      rows: points.map(({ connections, throughputPerS, latencyUs }) => [
        formatCount(connections),
        formatRate(throughputPerS),
        latencyUs ? formatLatency(latencyUs.p50) : noData,
        latencyUs ? formatLatency(latencyUs.p99) : noData,
      ]),
    },
    notes: points.length < all.length ? [`${points.length} of ${all.length} stages are drawn.`] : [],
  };
  if (new Set(points.map((point) => point.connections)).size < 2) {
    return { ...base, empty: 'It takes at least two stages with different numbers of connections to draw this.' };
  }
  const draw = (size: Size) => drawSaturation(points, saturation, { id: `${id}-${size}`, title, description, size });
  return { ...base, wide: draw('wide'), narrow: draw('narrow') };
}

function isPoint(stage: JudgedStage): stage is Point {
  return (
    stage.role === 'measured' &&
    stage.connections !== undefined &&
    stage.connections > 0 &&
    stage.throughputPerS !== undefined
  );
}

function drawSaturation(
  points: readonly Point[],
  saturation: Judged['saturation'],
  options: { readonly id: string; readonly title: string; readonly description: string; readonly size: Size },
): string {
  // Half of a wide page: it stands beside the percentile curves.
  const width = options.size === 'wide' ? widths.wide / 2 - 10 : widths.narrow;
  const right = width - margin.right;
  const upper: Frame = { left: margin.left, right, top: margin.title, bottom: margin.title + 170 };
  const lower: Frame = { left: margin.left, right, top: upper.bottom + 34, bottom: upper.bottom + 34 + 90 };
  const counts = points.map((point) => point.connections);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const x = scaleLog([least, most], [margin.left + 12, right - 12]).base(2);
  const throughput = scaleLinear(fromZero(points.map((point) => point.throughputPerS)), [upper.bottom, upper.top]).nice(
    4,
  );
  const measured = points.filter((point) => point.latencyUs);
  const p99 = (point: Point) => point.latencyUs?.p99 ?? 0;
  const latency = scaleLinear(fromZero(measured.map(p99)), [lower.bottom, lower.top]).nice(3);
  const marks = (
    shown: readonly Point[],
    y: (point: Point) => number,
    className: string,
    text: (point: Point) => string,
  ) => [
    element('path', {
      d: line<Point>((point) => x(point.connections), y).digits(1)([...shown]) ?? '',
      class: `line ${className}`,
    }),
    ...shown.map((point) =>
      element(
        'circle',
        { cx: x(point.connections), cy: y(point), r: 4, class: `dot ${className}` },
        tooltip(`${formatNumberOf(point.connections, 'connection')}: ${text(point)}`),
      ),
    ),
  ];
  return picture(
    { ...options, width, height: lower.bottom + 40, className: `chart-${options.size}` },
    panelTitle(upper, 'Throughput, requests/s'),
    valueAxis(upper, throughput, formatCount),
    panelTitle(lower, 'Latency p99'),
    valueAxis(lower, latency, formatLatencyTick, latency.ticks(3)),
    ...ticks(counts, x).map((tick) => label(formatCount(tick), { x: x(tick), y: lower.bottom + 17 }, 'axis', 'middle')),
    label('connections', { x: right, y: lower.bottom + 34 }, 'axis-title', 'end'),
    saturation
      ? saturationMark(saturation, x(saturation.connections), throughput(saturation.throughputPerS), upper, lower)
      : '',
    ...marks(
      points,
      (point) => throughput(point.throughputPerS),
      'throughput',
      (point) => formatRate(point.throughputPerS),
    ),
    ...marks(
      measured,
      (point) => latency(p99(point)),
      'p99',
      (point) => formatLatency(p99(point)),
    ),
  );
}

function saturationMark(
  saturation: NonNullable<Judged['saturation']>,
  x: number,
  y: number,
  upper: Frame,
  lower: Frame,
): string {
  const onRight = x < (upper.left + upper.right) / 2;
  return (
    rule(x, upper.top, x, lower.bottom, 'mark') +
    rule(upper.left, y, upper.right, y, 'mark') +
    label(
      `saturation: ${formatRate(saturation.throughputPerS)}`,
      { x: onRight ? x + 8 : x - 8, y: upper.bottom - 26 },
      'mark-name',
      onRight ? 'start' : 'end',
    ) +
    label(
      `with ${formatNumberOf(saturation.connections, 'connection')}`,
      { x: onRight ? x + 8 : x - 8, y: upper.bottom - 11 },
      'mark-name',
      onRight ? 'start' : 'end',
    )
  );
}

/** The numbers of connections themselves, as many as have room beside each other. */
function ticks(counts: readonly number[], x: (count: number) => number): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return [...new Set(counts)].filter((count) => {
    if (x(count) - last < 30) return false;
    last = x(count);
    return true;
  });
}
