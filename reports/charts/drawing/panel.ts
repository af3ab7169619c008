// One framed plot of a chart: its title, horizontal grid and value axis.
import type { ScaleContinuousNumeric } from 'd3-scale';
import { element, label, rule } from './svg.ts';

export type Frame = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Height between the title and the plot: the names of events. */
  readonly apart?: number;
};

/** An entry of a legend. */
export type Key = {
  readonly className: string;
  readonly name: string;
  readonly shape: 'line' | 'area' | 'disc' | 'cross';
};

/** Space on the left of a plot for the axis figures, and above it for its title. */
export const margin = { left: 62, right: 24, title: 26 } as const;

/** The grid and the figures of the value axis. */
export function valueAxis(
  frame: Frame,
  scale: ScaleContinuousNumeric<number, number>,
  format: (value: number) => string,
  ticks: readonly number[] = scale.ticks(4),
): string {
  return ticks
    .map((tick) => {
      const y = scale(tick);
      return (
        rule(frame.left, y, frame.right, y, tick === 0 ? 'axis-line' : 'grid') +
        label(format(tick), { x: frame.left - 6, y: y + 4 }, 'axis', 'end')
      );
    })
    .join('');
}

function isRoomy({ left, right }: Frame): boolean {
  return right - left > 400;
}

/** At most, in pixels; capitals are wide, and short titles have the most of them. */
function titleWidth(frame: Frame, title: string): number {
  return (isRoomy(frame) && title.length > 12 ? 8.6 : 9.4) * title.length;
}

/** Width of a letter of a key, in pixels. */
function keyLetter(frame: Frame): number {
  return isRoomy(frame) ? 7.2 : 7;
}

/** Width of the mark of a key with the gap behind it, at most. */
const markWidth = 36;

function keyWidth(frame: Frame, { name }: Key): number {
  return markWidth + keyLetter(frame) * name.length;
}

/** The keys with names cut so that all fit between `from` and the edge of the picture. */
function shortenKeys(frame: Frame, from: number, keys: readonly Key[]): readonly Key[] {
  const room = frame.right + margin.right - from - markWidth * keys.length;
  const letter = keyLetter(frame);
  if (letter * keys.reduce((letters, { name }) => letters + name.length, 0) <= room) return keys;
  const most = Math.max(4, Math.floor(room / Math.max(1, keys.length) / letter));
  return keys.map((key) => (key.name.length <= most ? key : { ...key, name: `${key.name.slice(0, most - 1)}…` }));
}

/** Height of a line of keys beneath the title, and between the last one and the highest axis figure. */
const keyLine = 18;
const keyGap = 4;

/** Height of the keys that have no room beside the title. */
export function keysHeight(frame: Pick<Frame, 'left' | 'right'>, title: string, keys: readonly Key[]): number {
  const rows = rowsBeneath({ ...frame, top: 0, bottom: 0 }, title, keys).length;
  // Without a title the first row stands in its place.
  return rows === 0 ? 0 : keyLine * (title === '' ? rows - 1 : rows) + keyGap;
}

/** The keys in rows beneath the title; none where they fit beside it. */
function rowsBeneath(frame: Frame, title: string, keys: readonly Key[]): readonly (readonly Key[])[] {
  const edge = frame.right + margin.right;
  const beside =
    frame.left +
    titleWidth(frame, title) +
    (title === '' ? 0 : gapOf(frame)) +
    keys.reduce((sum, key) => sum + keyWidth(frame, key), 0);
  if (keys.length === 0 || beside <= edge) return [];
  const rows: Key[][] = [[]];
  let x = 0;
  for (const key of keys) {
    if (x > 0 && x + keyWidth(frame, key) > edge) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push(key);
    x += keyWidth(frame, key);
  }
  return rows;
}

/** The title of a panel and, beside or beneath it, its keys. Widths are those of the widest common sans-serif, so that nothing overlaps. */
export function panelTitle(frame: Frame, title: string, keys: readonly Key[] = []): string {
  const beneath = rowsBeneath(frame, title, keys);
  const y = frame.top - 8 - (frame.apart ?? 0) - (beneath.length > 0 ? keyGap : 0);
  const heading = title === '' ? '' : label(title, { x: frame.left, y: y - keyLine * beneath.length }, 'panel-title');
  if (beneath.length > 0)
    return heading + beneath.map((row, at) => keyRow(frame, row, 0, y - keyLine * (beneath.length - 1 - at))).join('');
  return heading + keyRow(frame, keys, frame.left + titleWidth(frame, title) + (title === '' ? 0 : gapOf(frame)), y);
}

function gapOf(frame: Frame): number {
  return isRoomy(frame) ? 14 : 8;
}

function keyRow(frame: Frame, keys: readonly Key[], from: number, y: number): string {
  let x = from;
  return shortenKeys(frame, from, keys)
    .map((key) => {
      const mark = {
        line: () => rule(x, y - 4, x + 18, y - 4, `line ${key.className}`),
        area: () => element('rect', { x, y: y - 9, width: 9, height: 9, class: `area ${key.className}` }),
        disc: () => element('circle', { cx: x + 5, cy: y - 4, r: 5, class: `dot ${key.className}` }),
        cross: () => element('path', { d: cross(x + 5, y - 4), class: key.className }),
      }[key.shape]();
      const width = key.shape === 'line' ? 22 : 13;
      const text = label(key.name, { x: x + width, y }, 'key');
      x += width + keyLetter(frame) * key.name.length + gapOf(frame);
      return mark + text;
    })
    .join('');
}

/** A panel without data, and the reason. */
export function emptyPanel(frame: Frame, why: string): string {
  return (
    rule(frame.left, frame.bottom, frame.right, frame.bottom, 'axis-line') +
    label(why, { x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2 + 4 }, 'empty', 'middle')
  );
}

/** A domain from zero to at least the highest value; 1 when all is zero, so that zero is at the bottom. */
export function fromZero(values: Iterable<number>): [number, number] {
  let highest = 0;
  for (const value of values) highest = Math.max(highest, value);
  return [0, highest > 0 ? highest : 1];
}

/** A mark that differs from a disc in more than colour. */
export function cross(x: number, y: number): string {
  const [left, right, top, bottom] = [x - 4.5, x + 4.5, y - 4.5, y + 4.5].map((each) => Math.round(each * 10) / 10);
  return `M${left},${top}L${right},${bottom}M${left},${bottom}L${right},${top}`;
}

/** Ticks of a logarithmic axis: 1, 10, 100 ... and, when there are few, 2 and 5 times that. */
export function logTicks([low, high]: [number, number]): number[] {
  const powers = Array.from({ length: 10 }, (_, power) => 10 ** power);
  const steps = high / low > 300 ? [1] : high / low > 30 ? [1, 3] : [1, 2, 5];
  return powers.flatMap((power) => steps.map((step) => step * power)).filter((tick) => tick >= low && tick <= high);
}

/** Ticks of a logarithmic axis, the most important first: powers of ten, then 2 and 5 times them. */
export function roundTicks(least: number, most: number): number[] {
  const ticks = [1, 2, 5].flatMap((step) => Array.from({ length: 7 }, (_, power) => step * 10 ** power));
  return ticks.filter((tick) => tick >= least && tick <= most);
}

/** The ticks that fit beside each other, earlier ones before later ones; `room` is the least distance in pixels. */
export function fitting(ticks: readonly number[], x: (tick: number) => number, room: number): number[] {
  const kept: number[] = [];
  for (const tick of ticks) if (!kept.some((each) => Math.abs(x(each) - x(tick)) < room)) kept.push(tick);
  return kept;
}
