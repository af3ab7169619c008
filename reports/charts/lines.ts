// Lines over one axis, in panels under each other: what the charts of comparisons and histories are drawn with.
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { type Chart, type ChartTable, type Size, widths } from './chart.ts';
import {
  eventMarks,
  type Frame,
  fromZero,
  keyLetter,
  logTicks,
  margin,
  panelTitle,
  titleWidth,
  valueAxis,
} from './panel.ts';
import { element, label, picture, rule, tooltip } from './svg.ts';

type Point = readonly [x: number, y: number];
type Scale = ScaleContinuousNumeric<number, number>;

export type Lines = {
  readonly name: string;
  /** Of the style sheet: its colour and its dashes. */
  readonly className: string;
  readonly points: readonly Point[];
  /** Dots that no line joins. */
  readonly unjoined?: boolean;
  /** Filled down to zero. */
  readonly filled?: boolean;
  /** What a pointer over each point shows; with it points are marked. */
  readonly tips?: readonly string[];
  /** 95 % intervals: x, from, to. */
  readonly intervals?: readonly (readonly [number, number, number])[];
};

export type LinePanel = {
  readonly title: string;
  readonly lines: readonly Lines[];
  readonly format: (value: number) => string;
  /** Logarithmic; else from zero. */
  readonly log?: boolean;
  /** The figures of the axis are round multiples of it (1); bytes are counted in powers of 1024. */
  readonly unit?: number;
  readonly height?: number;
};

export type LineChart = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly LinePanel[];
  readonly x: {
    readonly title: string;
    readonly log?: boolean;
    /** Instead of from the first point to the last. */
    readonly domain?: readonly [number, number];
    /** Where figures stand on the axis, most important first: those without room are left out. */
    readonly ticks: readonly number[] | ((width: number) => readonly number[]);
    readonly format: (value: number) => string;
  };
  /** Vertical lines. */
  readonly marks?: readonly { readonly at: number; readonly name: string }[];
  /** Stretches with a name above the first panel. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly name: string }[];
  readonly table: ChartTable;
  readonly notes?: readonly string[];
  readonly empty?: string;
  /** Of the wide picture. */
  readonly width?: number;
};

/** Draws both widths; without a point it is empty, for the reason given. */
export function lineChart(chart: LineChart): Chart {
  const { id, title, description, table, notes = [] } = chart;
  const base = { id, title, description, table, notes };
  const points = chart.panels.flatMap(({ lines }) => lines.flatMap((each) => each.points));
  if (chart.empty !== undefined || points.length === 0) return { ...base, empty: chart.empty ?? 'There is no data.' };
  return { ...base, wide: draw(chart, 'wide'), narrow: draw(chart, 'narrow') };
}

function draw(chart: LineChart, size: Size): string {
  const { id, title, description, panels, x, bands = [], marks = [] } = chart;
  const width = size === 'wide' ? (chart.width ?? widths.wide) : widths.narrow;
  const head = bands.length > 0 ? 20 : 0;
  let bottom = head;
  const frames = panels.map((panel): Frame => {
    const top = bottom + margin.title + (bottom > head ? 8 : 0);
    bottom = top + (panel.height ?? (panels.length === 1 ? 230 : 150));
    return { left: margin.left, right: width - margin.right, top, bottom };
  });
  const xs = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([at]) => at)));
  const pad = x.domain ? 0 : 8;
  const across = (x.log ? scaleLog : scaleLinear)(x.domain ?? extent(xs), [
    margin.left + pad,
    width - margin.right - pad,
  ]);
  const ticks = typeof x.ticks === 'function' ? x.ticks(width - margin.left - margin.right) : x.ticks;
  return picture(
    { id: `${id}-${size}`, title, description, width, height: bottom + 40, className: `chart-${size}` },
    ...bands.map((band, index) => drawBand(band, index, across, { top: 0, bottom, head })),
    ...panels.map((panel, index) => drawPanel(panel, frames[index] as Frame, across, size)),
    eventMarks(
      marks.map(({ at, name }) => ({ x: across(at), name })),
      { top: frames[0]?.top ?? 0, bottom },
      width,
    ),
    ...axisFigures(ticks, across, size).map((tick) =>
      label(x.format(tick), { x: across(tick), y: bottom + 17 }, 'axis', 'middle'),
    ),
    label(x.title, { x: width - margin.right, y: bottom + 34 }, 'axis-title', 'end'),
  );
}

/** One value has no extent. */
function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low === high ? [low * 0.9, high * 1.1 || 1] : [low, high];
}

function drawPanel(panel: LinePanel, frame: Frame, x: Scale, size: Size): string {
  const { title, lines, format, log = false, unit = 1 } = panel;
  const values = lines.flatMap(({ points, intervals = [] }) => [
    ...points.map(([, y]) => y),
    ...intervals.flatMap(([, low, high]) => [low, high]),
  ]);
  const range = [frame.bottom, frame.top];
  const inUnits = scaleLinear(fromZero(values.map((value) => value / unit)), range).nice(4);
  const y = log
    ? scaleLog(extent(values.map((value) => Math.max(1, value))), range).nice()
    : scaleLinear(
        inUnits.domain().map((end) => end * unit),
        range,
      );
  const zeros = values.every((value) => value === 0);
  const ticks = inUnits.ticks(frame.bottom - frame.top < 100 ? 2 : 4).map((tick) => tick * unit);
  const at = (value: number) => y(log ? Math.max(1, value) : Math.max(0, value));
  const short = size === 'narrow' ? (title.split(',')[0] ?? title) : title;
  // Up to the edge of the drawing; a mark and a gap are at most 36.
  const named = lines.filter(({ name }) => name !== '');
  const room = frame.right + margin.right - frame.left - titleWidth(frame, short) - 36 * named.length;
  const letter = keyLetter(frame);
  const whole = letter * named.reduce((letters, { name }) => letters + name.length, 0) <= room;
  const most = whole ? Number.POSITIVE_INFINITY : Math.max(4, Math.floor(room / Math.max(1, named.length) / letter));
  const keys = named.map(({ className, name, filled, unjoined }) => ({
    className,
    name: cutTo(name, most),
    shape: filled ? ('area' as const) : unjoined ? ('disc' as const) : ('line' as const),
  }));
  return [
    panelTitle(frame, short, keys),
    valueAxis(frame, y, format, log ? logTicks(y.domain() as [number, number]) : zeros ? [0] : ticks),
    ...lines.map((each) => drawLines(each, x, at, frame)),
  ].join('');
}

function cutTo(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
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
  return [
    filled ? element('path', { d: shape([...points]) ?? '', class: `area ${className}` }) : '',
    ...intervals.map(([at, low, high]) => rule(x(at), y(low), x(at), y(high), `line interval ${className}`)),
    unjoined ? '' : element('path', { d: path([...points]) ?? '', class: `line ${className}` }),
    ...(tips ?? (points.length === 1 ? [''] : [])).map((tip, index) => {
      const [at, value] = points[index] ?? [0, 0];
      return element('circle', { cx: x(at), cy: y(value), r: 3.5, class: `dot ${className}` }, tooltip(tip));
    }),
  ].join('');
}

function drawBand(
  { from, to, name }: NonNullable<LineChart['bands']>[number],
  index: number,
  x: Scale,
  { top, bottom, head }: { readonly top: number; readonly bottom: number; readonly head: number },
): string {
  const left = x(from);
  const width = Math.max(0, Math.min(x(to), x.range()[1] ?? 0) - left);
  // As wide as the type of a band is on average.
  const shown = [name, /^\d+/.exec(name)?.[0] ?? ''].find((each) => each.length * 6.6 + 6 <= width) ?? '';
  return element(
    'g',
    {},
    tooltip(name),
    element('rect', {
      x: left,
      y: top,
      width,
      height: bottom - top,
      class: `band ${index % 2 === 0 ? 'even' : 'odd'}`,
    }),
    element('rect', { x: left, y: top, width, height: head - 2, class: 'band-head' }),
    shown === '' ? '' : label(shown, { x: left + width / 2, y: top + 13 }, 'band-name', 'middle'),
  );
}

/** As many as have room beside each other, those that come first before others. */
function axisFigures(ticks: readonly number[], x: Scale, size: Size): number[] {
  const room = size === 'wide' ? 56 : 48;
  const kept: number[] = [];
  for (const tick of ticks) if (!kept.some((each) => Math.abs(x(each) - x(tick)) < room)) kept.push(tick);
  return kept;
}
