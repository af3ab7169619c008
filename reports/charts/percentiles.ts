// Chart 3: the percentile curve of each stage: how far the tail is from the middle.
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { formatLatency, formatLatencyTick, formatNumberOf, noData } from '../format/format.ts';
import type { Curve } from '../series/curve.ts';
import { type Chart, type Size, widths } from './chart.ts';
import { type Frame, logTicks, margin, panelTitle, valueAxis } from './panel.ts';
import { element, label, picture, rule, tooltip } from './svg.ts';

const shownPercentiles = [50, 90, 99, 99.9, 99.99];

/** Latency over percentile, both axes logarithmic: the last 1 % is as wide as the 9 % before it. */
export function percentileChart(curves: readonly Curve[], stages: number, id = 'percentiles'): Chart {
  const title = 'Latency by percentile';
  const description = `One line per measured stage: the latency that so many percent of the answers do not exceed. Logarithmic axes. ${formatNumberOf(curves.length, 'stage')}.`;
  const columns = [...new Set(curves.flatMap((curve) => curve.points.map(([percentile]) => percentile)))].sort(
    (a, b) => a - b,
  );
  const base = {
    id,
    title,
    description,
    table: {
      columns: ['Stage', ...columns.map((percentile) => `p${percentile}`)],
      rows: curves.flatMap((curve) => [
        [curve.stage, ...cells(curve.points, columns)],
        ...(curve.rawPoints ? [[`${curve.stage}, raw`, ...cells(curve.rawPoints, columns)]] : []),
      ]),
    },
    notes: [
      ...(curves.length < stages ? [`${curves.length} of ${stages} measured stages are drawn, evenly chosen.`] : []),
      ...(curves.some((curve) => curve.rawPoints)
        ? [
            'Dashed: raw, from the actual send. The gap between the two lines is the wait before it, which raw figures hide.',
          ]
        : []),
    ],
  };
  if (!curves.some((curve) => curve.points.length > 1)) {
    return { ...base, empty: 'No measured stage has enough answers to draw a curve.' };
  }
  const draw = (size: Size) => drawCurves(curves, { id: `${id}-${size}`, title, description, size });
  return { ...base, wide: draw('wide'), narrow: draw('narrow') };
}

function cells(points: Curve['points'], columns: readonly number[]): string[] {
  return columns.map((percentile) => {
    const found = points.find(([each]) => each === percentile);
    return found ? formatLatency(found[1]) : noData;
  });
}

function drawCurves(
  curves: readonly Curve[],
  options: { readonly id: string; readonly title: string; readonly description: string; readonly size: Size },
): string {
  const width = options.size === 'wide' ? widths.wide / 2 - 10 : widths.narrow;
  const frame: Frame = { left: margin.left, right: width - 60, top: margin.title, bottom: margin.title + 294 };
  const points = curves.flatMap((curve) => [...curve.points, ...(curve.rawPoints ?? [])]);
  const nines = (percentile: number) => -Math.log10(1 - percentile / 100);
  const x = scaleLinear([0, Math.max(1, ...points.map(([each]) => nines(each)))], [frame.left, frame.right]);
  // HdrHistogram counts in whole microseconds, and a logarithm has no zero.
  const values = points.map(([, latencyUs]) => Math.max(1, latencyUs));
  const y = scaleLog([Math.min(...values), Math.max(...values)], [frame.bottom, frame.top]).nice();
  const path = line<readonly [number, number]>(
    ([percentile]) => x(nines(percentile)),
    ([, latencyUs]) => y(Math.max(1, latencyUs)),
  ).digits(1);
  const ends = spread(
    curves.map((curve) => y(Math.max(1, curve.points.at(-1)?.[1] ?? 1))),
    frame,
  );
  return picture(
    { ...options, width, height: frame.bottom + 40, className: `chart-${options.size}` },
    panelTitle(frame, 'Latency, logarithmic'),
    valueAxis(frame, y, formatLatencyTick, logTicks(y.domain() as [number, number])),
    ...shownPercentiles
      .filter((percentile) => nines(percentile) <= (x.domain()[1] ?? 0) + 1e-9)
      .map(
        (percentile) =>
          rule(x(nines(percentile)), frame.top, x(nines(percentile)), frame.bottom, 'grid') +
          label(`p${percentile}`, { x: x(nines(percentile)), y: frame.bottom + 17 }, 'axis', 'middle'),
      ),
    label('percent of the answers', { x: frame.right, y: frame.bottom + 34 }, 'axis-title', 'end'),
    ...curves.flatMap((curve, index) => {
      const className = `ramp-${ramp(index, curves.length)}`;
      const name = curve.connections === undefined ? curve.stage.slice(0, 8) : String(curve.connections);
      return [
        element('path', { d: path(curve.points) ?? '', class: `line ${className}` }, tooltip(curve.stage)),
        curve.rawPoints
          ? element(
              'path',
              { d: path(curve.rawPoints) ?? '', class: `line raw ${className}` },
              tooltip(`${curve.stage}, raw`),
            )
          : '',
        rule(frame.right + 6, ends[index] ?? 0, frame.right + 16, ends[index] ?? 0, `line ${className}`),
        label(name, { x: frame.right + 20, y: (ends[index] ?? 0) + 4 }, 'curve-name'),
      ];
    }),
    curves.some((curve) => curve.connections !== undefined)
      ? label('connections', { x: width, y: frame.top - 8 }, 'axis-title', 'end')
      : '',
  );
}

/** Of nine colours from dark to light, so that few curves are as far apart as they can be. */
function ramp(index: number, count: number): number {
  return count === 1 ? 0 : Math.round((index * 8) / (count - 1));
}

/** Moves labels apart that would stand on each other. */
function spread(wanted: readonly number[], frame: Frame): number[] {
  const height = 14;
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let next = frame.top;
  for (const each of order) {
    each.y = Math.max(each.y, next);
    next = each.y + height;
  }
  let limit = frame.bottom + 4;
  for (const each of order.toReversed()) {
    each.y = Math.min(each.y, limit);
    limit = each.y - height;
  }
  return wanted.map((y, index) => order.find((each) => each.index === index)?.y ?? y);
}
