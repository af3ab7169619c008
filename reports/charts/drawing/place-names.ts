// Where the names of dots stand: beneath, above, right or left of them, over no other dot and no other name.
import type { Frame } from './panel.ts';
import { boldWidth } from './text-width.ts';

type Point = { readonly x: number; readonly y: number };
type Named = Point & {
  readonly name: string;
  /** Without room a name is left out, unless it is needed. */
  readonly isNeeded: boolean;
};
type PlacedName = Named & { readonly anchor: 'start' | 'middle' | 'end' };
type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** The height of a line, and the radius of a dot with a gap. */
const height = 12;
const radius = 7;

/** The names with their places, in the order given: earlier ones choose first. */
export function placeNames(names: readonly Named[], dots: readonly Point[], frame: Frame): readonly PlacedName[] {
  const taken = dots.map(({ x, y }): Box => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  const met = (option: PlacedName) => taken.filter((box) => meet(boxOf(option), box)).length;
  return names.flatMap((each) => {
    const within = optionsOf(each).filter((option) => isWithin(boxOf(option), frame));
    const [chosen] = within.sort((a, b) => met(a) - met(b));
    if (!chosen || (met(chosen) > 0 && !each.isNeeded)) return [];
    taken.push(boxOf(chosen));
    return [chosen];
  });
}

function optionsOf(named: Named): readonly PlacedName[] {
  const { x, y } = named;
  return [
    { ...named, y: y + radius + height, anchor: 'middle' },
    { ...named, y: y - radius - 4, anchor: 'middle' },
    { ...named, x: x + radius + 2, y: y + 4, anchor: 'start' },
    { ...named, x: x - radius - 2, y: y + 4, anchor: 'end' },
    { ...named, x: x + 4, y: y + radius + height, anchor: 'start' },
    { ...named, x: x - 4, y: y - radius - 4, anchor: 'end' },
  ];
}

function boxOf({ name, x, y, anchor }: PlacedName): Box {
  const width = boldWidth(name);
  const left = x - width * { start: 0, middle: 0.5, end: 1 }[anchor];
  return { left, right: left + width, top: y - height + 2, bottom: y + 3 };
}

function isWithin(box: Box, { left, right, top, bottom }: Frame): boolean {
  return box.left >= left && box.right <= right + 24 && box.top >= top - 4 && box.bottom <= bottom - 2;
}

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
