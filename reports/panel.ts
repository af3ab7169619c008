// One framed plot of a chart: its title, horizontal grid and value axis.
import type { ScaleContinuousNumeric } from 'd3-scale';
import { element, label, rule } from './svg.ts';

export type Frame = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** A line of the legend: how it is drawn, and what it is. */
export type Key = { readonly className: string; readonly name: string; readonly shape: 'line' | 'area' };

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

/** The title of a panel and, beside it, its keys; widths are those of the widest common sans-serif, so nothing overlaps. */
export function panelTitle(frame: Frame, title: string, keys: readonly Key[] = []): string {
  const y = frame.top - 8;
  const gap = frame.right - frame.left > 500 ? 14 : 8;
  let x = frame.left + 7.6 * title.length + gap;
  const legend = keys.map((key) => {
    const mark =
      key.shape === 'line'
        ? rule(x, y - 4, x + 18, y - 4, `line ${key.className}`)
        : element('rect', { x, y: y - 9, width: 9, height: 9, class: `area ${key.className}` });
    const width = key.shape === 'line' ? 22 : 13;
    const text = label(key.name, { x: x + width, y }, 'key');
    x += width + 6.4 * key.name.length + gap;
    return mark + text;
  });
  return label(title, { x: frame.left, y }, 'panel-title') + legend.join('');
}

/** What stands in a panel that has nothing to draw. */
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
