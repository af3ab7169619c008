// Events of a plot: each a line over all panels that hangs from its name, so that no line crosses the name of another event.
// The names have rows of their own between the title of the first panel and its plot: they cover no data.
import { type Frame, margin } from './panel.ts';
import { label, rule } from './svg.ts';
import { boldWidth } from './text-width.ts';

type Mark = { readonly x: number; readonly name: string };
type PlacedMark = Mark & { readonly from: number; readonly to: number; readonly row: number };

/** The height of a row, and the rows that leave a panel legible. */
const rowHeight = 14;
const mostRows = 4;
const gap = 6;

/**
 * Where the names stand: beside their lines, on the side with more room, or over the tops of them where neither side has room; an
 * event for whose name there is no row left has a line alone. `width` is the picture's.
 */
export function placeMarks(marks: readonly Mark[], width: number): readonly PlacedMark[] {
  const orders = [marks, [...marks].reverse()].map((order) => placeNames(order, width));
  return orders.find((each) => each.every(({ row }) => row < mostRows)) ?? orders[0] ?? [];
}

/** Height of the names. */
export function marksHeight(placed: readonly PlacedMark[]): number {
  return rowHeight * Math.max(0, ...placed.map(({ row }) => (row < mostRows ? row + 1 : 0)));
}

/** The lines and names; `top` is that of the first plot. */
export function drawMarks(placed: readonly PlacedMark[], { top, bottom }: Pick<Frame, 'top' | 'bottom'>): string {
  const highest = top - marksHeight(placed);
  return placed
    .map(({ x, name, from, to, row }) => {
      const isOver = from < x && x < to;
      const line = rule(x, Math.min(top, highest + rowHeight * (isOver ? row + 1 : row)), x, bottom, 'mark');
      const onRight = isOver ? x < (from + to) / 2 : from >= x;
      const at = { x: onRight ? from : to, y: highest + rowHeight * row + 10 };
      return line + (row < mostRows ? label(name, at, 'mark-name', onRight ? 'start' : 'end') : '');
    })
    .join('');
}

function placeNames(marks: readonly Mark[], width: number): PlacedMark[] {
  const placed: PlacedMark[] = [];
  for (const mark of marks) {
    const options = optionsOf(mark, width);
    placed.push(
      options.find((each) => placed.every((other) => !touches(each, other))) ?? {
        ...mark,
        ...{ from: mark.x, to: mark.x, row: mostRows },
      },
    );
  }
  return placed;
}

/** Where a name may stand, best first. */
function optionsOf(mark: Mark, width: number): PlacedMark[] {
  const length = boldWidth(mark.name);
  const onRight = mark.x + gap;
  const onLeft = mark.x - gap - length;
  const beside = (mark.x < width / 2 ? [onRight, onLeft] : [onLeft, onRight]).filter(
    (from) => from >= margin.left && from + length <= width,
  );
  const over = [Math.max(margin.left, onLeft), Math.max(0, Math.min(width - length, onRight))];
  return [beside, over].flatMap((group) =>
    Array.from({ length: mostRows }, (_, row) =>
      group.map((from) => ({ ...mark, from, to: from + length, row })),
    ).flat(),
  );
}

/** Whether two names overlap, or the line of one crosses the name of the other. */
function touches(a: PlacedMark, b: PlacedMark): boolean {
  const overlap = a.row === b.row && a.from - gap < b.to && b.from - gap < a.to;
  return overlap || crosses(a, b) || crosses(b, a);
}

function crosses(line: PlacedMark, { from, to, row }: PlacedMark): boolean {
  return line.row <= row && line.x > from - 2 && line.x < to + 2;
}
