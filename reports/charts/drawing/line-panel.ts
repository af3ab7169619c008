// A panel of lines over the horizontal axis of a plot.
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { Series } from '../../series/series.ts';
import type { Size } from './chart.ts';
import { emptyPanel, type Frame, fromZero, type Key, keysHeight, logTicks, panelTitle, valueAxis } from './panel.ts';
import { extent, type Panel, type Scale } from './plot.ts';
import { element, label, rule, tooltip } from './svg.ts';

type Point = readonly [x: number, y: number];

export type Lines = {
  /** In the legend; empty for a line without an entry. */
  readonly name: string;
  /** Of the style sheet: its colour and its dashes. */
  readonly className: string;
  readonly points: readonly Point[];
  /** Dots without a line. */
  readonly unjoined?: boolean;
  /** Filled down to zero. */
  readonly filled?: boolean;
  /** Tooltip of each point; with them points are marked. */
  readonly tips?: readonly string[];
  /** 95 % intervals: x, from, to. */
  readonly intervals?: readonly (readonly [number, number, number])[];
};

export type LinePanel = {
  readonly title: string;
  /** Follows the title where there is room. */
  readonly unit?: string;
  readonly lines: readonly Lines[];
  readonly format: (value: number) => string;
  /** Logarithmic; else from zero. */
  readonly log?: boolean;
  /** Axis figures are round multiples of it (1); bytes are counted in powers of 1024. */
  readonly step?: number;
  /** The end of the value axis of a share that cannot be higher; samples that overshoot it are cut off there. */
  readonly most?: number;
  readonly height?: Panel['height'];
  /** Whether a point counts for the value axis; others are cut off at its end. */
  readonly scaledBy?: (x: number) => boolean;
  /** A horizontal reference line, and its entry in the legend. */
  readonly level?: { readonly at: number; readonly name: string };
  /** Axis figures, of which those within the values are shown; for a unit whose round figures are not decimal. */
  readonly ticks?: readonly number[];
  /** From and to on the horizontal axis, behind the lines, with one name for all. */
  readonly bands?: readonly (readonly [number, number])[];
  readonly bandName?: string;
  /** Points that are written about in the plot. */
  readonly named?: readonly { readonly at: Point; readonly name: string }[];
};

/** Below this height of a panel two axis figures fit instead of four. */
const lowHeight = 90;

export function linePanel(panel: LinePanel): Panel {
  const { lines, height = 150 } = panel;
  return {
    height,
    xs: lines.flatMap(({ points }) => points.map(([x]) => x)),
    draw: (frame, x, size) => drawPanel(panel, frame, x, size),
    head: (frame, size) => keysHeight(frame, headingOf(panel, size), keysOf(panel)),
  };
}

/** A series as lines, one for each unbroken stretch, so that none crosses a gap; the legend has the name once. */
export function seriesLines({
  name,
  className,
  series,
}: Pick<Lines, 'name' | 'className'> & { readonly series: Series }): Lines[] {
  return series.map((points, stretch) => ({ name: stretch === 0 ? name : '', className, points }));
}

function drawPanel(panel: LinePanel, frame: Frame, x: Scale, size: Size): string {
  const { lines, format, level, bands = [], named = [] } = panel;
  const heading = headingOf(panel, size);
  if (lines.every(({ points }) => points.length === 0)) {
    return panelTitle(frame, heading) + emptyPanel(frame, 'no data');
  }
  const keys = keysOf(panel);
  const { y, ticks } = verticalScale(panel, frame);
  const lowest = panel.log ? 1 : 0;
  const highest = Math.max(...y.domain());
  const at = (value: number) => y(Math.min(highest, Math.max(lowest, value)));
  return [
    panelTitle(frame, heading, keys),
    ...bands.map(([from, to]) => drawBand(x(from), x(to), frame)),
    valueAxis(frame, y, format, ticks),
    level === undefined ? '' : rule(frame.left, at(level.at), frame.right, at(level.at), 'mark'),
    ...lines.map((each) => drawLines(each, x, at, frame)),
    ...named.map(({ at: [across, value], name }) => drawName({ x: x(across), y: at(value) }, name, frame)),
  ].join('');
}

function headingOf({ title, unit }: LinePanel, size: Size): string {
  return unit === undefined || size === 'narrow' ? title : `${title}, ${unit}`;
}

function keysOf({ lines, level, bands = [], bandName = '' }: LinePanel): Key[] {
  return [
    ...lines.flatMap(({ className, name, filled, unjoined }): Key[] =>
      name === '' ? [] : [{ className, name, shape: filled ? 'area' : unjoined ? 'disc' : 'line' }],
    ),
    ...(level ? [{ className: 'mark', name: level.name, shape: 'line' as const }] : []),
    ...(bands.length > 0 ? [{ className: 'throttled', name: bandName, shape: 'area' as const }] : []),
  ];
}

/** At least a pixel wide, however short it is. */
function drawBand(from: number, to: number, { top, bottom }: Frame): string {
  const rect = { x: from, y: top, width: Math.max(1, to - from), height: bottom - top };
  return element('rect', { ...rect, class: 'area throttled' });
}

/** Above the point or, near the top, beneath it; on the side with more room. */
function drawName(at: { readonly x: number; readonly y: number }, name: string, frame: Frame): string {
  const onRight = at.x < (frame.left + frame.right) / 2;
  const y = at.y - frame.top > 24 ? at.y - 8 : at.y + 18;
  return (
    element('circle', { cx: at.x, cy: at.y, r: 3.5, class: 'dot named' }) +
    label(name, { x: at.x + (onRight ? 6 : -6), y }, 'mark-name', onRight ? 'start' : 'end')
  );
}

function verticalScale(
  { lines, log = false, step = 1, most, ticks: own, level, scaledBy = () => true }: LinePanel,
  frame: Frame,
) {
  const inLines = lines.flatMap(({ points, intervals = [] }) => [
    ...points.flatMap(([x, y]) => (scaledBy(x) ? [y] : [])),
    ...intervals.flatMap(([, low, high]) => [low, high]),
  ]);
  const counted = level === undefined || inLines.length === 0 ? inLines : [...inLines, level.at];
  // A run of its warm-up alone is scaled by it.
  const values = counted.length > 0 ? counted : lines.flatMap(({ points }) => points.map(([, y]) => y));
  const range = [frame.bottom, frame.top];
  if (log) {
    const y = scaleLog(extent(values.map((value) => Math.max(1, value))), range).nice();
    const [low, high] = y.domain() as [number, number];
    return { y, ticks: own?.filter((tick) => tick >= low && tick <= high) ?? logTicks([low, high]) };
  }
  const inSteps = scaleLinear(fromZero(most === undefined ? values.map((value) => value / step) : [most]), range).nice(
    4,
  );
  const y = scaleLinear(
    inSteps.domain().map((end) => end * step),
    range,
  );
  if (values.every((value) => value === 0)) return { y, ticks: [0] };
  const ticks = inSteps.ticks(frame.bottom - frame.top < lowHeight ? 2 : 4).map((tick) => tick * step);
  return { y, ticks };
}

function drawLines(
  { points, className, filled, unjoined, tips, intervals = [] }: Lines,
  x: Scale,
  y: (value: number) => number,
  frame: Frame,
): string {
  const path = line<Point>(
    ([at]) => x(at),
    ([, value]) => y(value),
  ).digits(1);
  const shape = area<Point>(
    ([at]) => x(at),
    () => frame.bottom,
    ([, value]) => y(value),
  ).digits(1);
  const bends = withoutFlats(points, y);
  // A line of one point is invisible.
  const dots = tips ?? (points.length === 1 ? [undefined] : []);
  return [
    filled ? element('path', { d: shape([...bends]) ?? '', class: `area ${className}` }) : '',
    ...intervals.map(([at, low, high]) => rule(x(at), y(low), x(at), y(high), `line interval ${className}`)),
    unjoined || points.length < 2 ? '' : element('path', { d: path([...bends]) ?? '', class: `line ${className}` }),
    ...dots.map((tip, index) => {
      const [at, value] = points[index] ?? [0, 0];
      const title = tip === undefined ? [] : [tooltip(tip)];
      return element('circle', { cx: x(at), cy: y(value), r: 3.5, class: `dot ${className}` }, ...title);
    }),
  ].join('');
}

/** Without the points within a level stretch, in what is drawn: a tenth of a pixel. */
function withoutFlats(points: readonly Point[], y: (value: number) => number): readonly Point[] {
  const heights = points.map(([, value]) => Math.round(10 * y(value)));
  return points.filter((_, at) => heights[at - 1] !== heights[at] || heights[at + 1] !== heights[at]);
}
