// Panels beneath each other over one horizontal axis: how most charts are drawn.
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { type Band, bandHeight, drawBands } from './bands.ts';
import { type Canvas, type Chart, makeChart, type Picture, type Size } from './chart.ts';
import { drawMarks, marksHeight, placeMarks } from './event-marks.ts';
import { type Frame, fitting, margin } from './panel.ts';
import { label, picture, rule } from './svg.ts';

export type Scale = ScaleContinuousNumeric<number, number>;

export type Panel = {
  readonly height: number | Readonly<Record<Size, number>>;
  /** Where it has points; the axis reaches over those of all panels. */
  readonly xs: readonly number[];
  readonly draw: (frame: Frame, x: Scale, size: Size) => string;
  /** Height above the plot that it needs besides that of a title. */
  readonly head?: (frame: Pick<Frame, 'left' | 'right'>, size: Size) => number;
};

export type XAxis = {
  readonly title: string;
  readonly log?: boolean;
  /** Instead of from the first point to the last. */
  readonly domain?: readonly [number, number];
  /** Where figures stand, most important first: those without room are left out. */
  readonly ticks: readonly number[] | ((width: number) => readonly number[]);
  /** Least distance of two figures, in pixels. */
  readonly apart?: number;
  readonly format: (value: number) => string;
};

type Plot = Omit<Chart, Picture | 'notes'> & {
  readonly notes?: readonly string[];
  readonly panels: readonly Panel[];
  readonly x: XAxis;
  /** Vertical lines over all panels. `short`: the name on a phone. */
  readonly marks?: readonly { readonly at: number; readonly name: string; readonly short?: string }[];
  readonly bands?: readonly Band[];
  /** Drawn last, over all panels. */
  readonly overlay?: (x: Scale, frames: readonly Frame[]) => string;
};

/** Draws the panels at both widths; without a point the chart is empty. */
export function plotChart(plot: Plot): Chart {
  const { panels, x, marks, bands, overlay, notes = [], ...chart } = plot;
  const empty = chart.empty ?? (panels.every(({ xs }) => xs.length === 0) ? 'No data.' : undefined);
  return makeChart({ ...chart, notes, ...(empty !== undefined && { empty }) }, (canvas) => draw(plot, canvas));
}

function draw({ panels, x, bands = [], marks = [], overlay }: Plot, canvas: Canvas): string {
  const { width, size } = canvas;
  const head = bands.length > 0 ? bandHeight : 0;
  const right = width - margin.right;
  const pad = x.domain ? 0 : 8;
  const across = (x.log ? scaleLog : scaleLinear)(x.domain ?? extent(panels.flatMap(({ xs }) => xs)), [
    margin.left + pad,
    right - pad,
  ]);
  const names = placeMarks(
    marks.map(({ at, name, short = name }) => ({ x: across(at), name: size === 'wide' ? name : short })),
    width,
  );
  const frames = stackFrames(panels, right, { head, apart: marksHeight(names) }, size);
  const bottom = frames.at(-1)?.bottom ?? head;
  return picture(
    { ...canvas, height: bottom + 40 },
    bands.length > 0 ? drawBands(bands, across, { left: margin.left, right, top: 0, bottom }) : '',
    ...panels.map((panel, index) => panel.draw(frames[index] as Frame, across, size)),
    drawMarks(names, { top: frames[0]?.top ?? 0, bottom }),
    axis(x, across, { left: margin.left, right, bottom }, size),
    // What a pointer shows: a phone has none.
    size === 'wide' ? (overlay?.(across, frames) ?? '') : '',
  );
}

/** `head`: height above all; `apart`: between the title of the first panel and its plot. */
function stackFrames(
  panels: readonly Panel[],
  right: number,
  above: { readonly head: number; readonly apart: number },
  size: Size,
): Frame[] {
  let bottom = above.head;
  return panels.map(({ height, head: own }, index) => {
    const apart = index === 0 ? above.apart : 0;
    const top = bottom + margin.title + (index > 0 ? 8 : 0) + (own?.({ left: margin.left, right }, size) ?? 0) + apart;
    bottom = top + (typeof height === 'number' ? height : height[size]);
    return { left: margin.left, right, top, bottom, apart };
  });
}

function axis(x: XAxis, across: Scale, { left, right, bottom }: Omit<Frame, 'top'>, size: Size): string {
  const ticks = typeof x.ticks === 'function' ? x.ticks(right - left) : x.ticks;
  const figures = fitting(ticks, across, x.apart ?? (size === 'wide' ? 56 : 70)).map(
    (tick) =>
      rule(across(tick), bottom, across(tick), bottom + 4, 'axis-line') +
      label(x.format(tick), { x: across(tick), y: bottom + 17 }, 'axis', 'middle'),
  );
  return figures.join('') + label(x.title, { x: right, y: bottom + 34 }, 'axis-title', 'end');
}

/** From the lowest to the highest value; a single value is widened. */
export function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low === high ? [low * 0.9, high * 1.1 || 1] : [low, high];
}
