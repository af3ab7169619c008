// Latency by percentile of each stage: how far the tail is from the median.
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { formatLatency, formatLatencyTick, formatNumberOf } from '../format/format.ts';
import type { Curve } from '../series/curve.ts';
import { type Canvas, type Chart, makeChart, type RunChart, shown } from './drawing/chart.ts';
import { type Frame, logTicks, margin, panelTitle, valueAxis } from './drawing/panel.ts';
import { element, label, picture, rule, tooltip } from './drawing/svg.ts';

const axisPercentiles = [50, 90, 99, 99.9, 99.99];
const labelHeight = 14;

/** One line per measured stage; undefined for a search for the capacity without one. */
export const percentileChart: RunChart = {
  id: 'percentiles',
  section: 'load',
  draw: ({ judged, curves = [] }, id) => {
    if (!judged || (judged.capacity && curves.length === 0)) return undefined;
    const stages = judged.stages.filter(({ role }) => role === 'measured').length;
    const isRaw = curves.some((curve) => curve.rawPoints);
    return makeChart(
      {
        id,
        span: 'half',
        title: 'Latency by percentile',
        description: `One line per measured stage (${formatNumberOf(curves.length, 'stage')}): the latency that a given percentage of the responses do not exceed. Logarithmic axes.`,
        table: tableOf(curves),
        notes: [
          ...(curves.length < stages ? [`Shows ${curves.length} of ${stages} measured stages, evenly spaced.`] : []),
          ...(isRaw
            ? ['Dashed: raw latency, from the actual send. The gap to the solid line is the wait before the send.']
            : []),
        ],
        ...(!curves.some(({ points }) => points.length > 1) && {
          empty: 'No measured stage has enough responses for a curve.',
        }),
      },
      (canvas) => drawCurves(curves, canvas),
    );
  },
};

function tableOf(curves: readonly Curve[]): Chart['table'] {
  const percentiles = [...new Set(curves.flatMap(({ points }) => points.map(([each]) => each)))].sort((a, b) => a - b);
  const cells = (points: Curve['points']) => {
    const latencies = new Map(points);
    return percentiles.map((percentile) => shown(latencies.get(percentile), formatLatency));
  };
  return {
    columns: ['Stage', ...percentiles.map((percentile) => `p${percentile}`)],
    rows: curves.flatMap(({ stage, points, rawPoints }) => [
      [stage, ...cells(points)],
      ...(rawPoints ? [[`${stage}, raw`, ...cells(rawPoints)]] : []),
    ]),
  };
}

/** Both axes are logarithmic: the last 1 % is as wide as the 9 % before it. */
function drawCurves(curves: readonly Curve[], canvas: Canvas): string {
  const { width } = canvas;
  const frame: Frame = { left: margin.left, right: width - 60, top: margin.title, bottom: margin.title + 294 };
  const points = curves.flatMap((curve) => [...curve.points, ...(curve.rawPoints ?? [])]);
  const nines = (percentile: number) => -Math.log10(1 - percentile / 100);
  const across = scaleLinear([0, Math.max(1, ...points.map(([each]) => nines(each)))], [frame.left, frame.right]);
  const x = (percentile: number) => across(nines(percentile));
  // HdrHistogram counts in whole microseconds, and a logarithm has no zero.
  const values = points.map(([, latencyUs]) => Math.max(1, latencyUs));
  const y = scaleLog([Math.min(...values), Math.max(...values)], [frame.bottom, frame.top]).nice();
  const ends = spread(
    curves.map((curve) => y(Math.max(1, curve.points.at(-1)?.[1] ?? 1))),
    frame,
  );
  return picture(
    { ...canvas, height: frame.bottom + 40 },
    panelTitle(frame, 'Latency, logarithmic'),
    valueAxis(frame, y, formatLatencyTick, logTicks(y.domain() as [number, number])),
    ...axisPercentiles
      .filter((percentile) => nines(percentile) <= (across.domain()[1] ?? 0) + 1e-9)
      .map(
        (percentile) =>
          rule(x(percentile), frame.top, x(percentile), frame.bottom, 'grid') +
          label(`p${percentile}`, { x: x(percentile), y: frame.bottom + 17 }, 'axis', 'middle'),
      ),
    label('percent of the responses', { x: frame.right, y: frame.bottom + 34 }, 'axis-title', 'end'),
    ...curves.map((curve, index) =>
      drawCurve(curve, `ramp-${ramp(index, curves.length)}`, { x, y }, { x: frame.right, y: ends[index] ?? 0 }),
    ),
    curves.some((curve) => curve.connections !== undefined)
      ? label('connections', { x: width, y: frame.top - 8 }, 'axis-title', 'end')
      : '',
  );
}

type Scales = Readonly<Record<'x' | 'y', (value: number) => number>>;

/** A line with its name at the end, dashed beside it the raw latency. */
function drawCurve(
  { stage, connections, points, rawPoints }: Curve,
  className: string,
  { x, y }: Scales,
  end: { readonly x: number; readonly y: number },
): string {
  const path = line<readonly [number, number]>(
    ([percentile]) => x(percentile),
    ([, latencyUs]) => y(Math.max(1, latencyUs)),
  ).digits(1);
  const name = connections === undefined ? stage.slice(0, 8) : String(connections);
  return [
    element('path', { d: path(points) ?? '', class: `line ${className}` }, tooltip(stage)),
    rawPoints
      ? element('path', { d: path(rawPoints) ?? '', class: `line raw ${className}` }, tooltip(`${stage}, raw`))
      : '',
    rule(end.x + 6, end.y, end.x + 16, end.y, `line ${className}`),
    label(name, { x: end.x + 20, y: end.y + 4 }, 'curve-name'),
  ].join('');
}

/** One of nine colours from dark to light, as far apart as the number of curves allows. */
function ramp(index: number, count: number): number {
  return count === 1 ? 0 : Math.round((index * 8) / (count - 1));
}

/** Moves overlapping labels apart. */
function spread(wanted: readonly number[], frame: Frame): number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let next = frame.top;
  for (const each of order) {
    each.y = Math.max(each.y, next);
    next = each.y + labelHeight;
  }
  let limit = frame.bottom + 4;
  for (const each of order.toReversed()) {
    each.y = Math.min(each.y, limit);
    limit = each.y - labelHeight;
  }
  return wanted.map((y, index) => order.find((each) => each.index === index)?.y ?? y);
}
