// A table as pages show it: figures right-aligned, text left-aligned, `no data` for a missing figure.
import { formatCount, formatRate, noData } from '../format/format.ts';
import type { Estimate } from '../series/regression.ts';

export type Cell = {
  readonly text: string;
  readonly kind: 'text' | 'list' | 'number' | 'none' | 'absent' | 'code' | Outcome | 'worse' | 'better';
  /** Beneath it, smaller. */
  readonly detail?: string;
};
type Outcome = 'pass' | 'fail' | 'no-data';

export type Table = {
  readonly caption: string;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: 'text' | 'number';
    /** Hidden on a phone. */
    readonly lesser?: boolean;
  }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Shown when there is no row. */
  readonly empty: string;
  /** For example how many rows were left out. */
  readonly note?: string;
};

/** A column, and its cell for each item of the table. */
export type Column<T> = Table['columns'][number] & { readonly cell: (item: T) => Cell };

/** A column of text. */
export function text<T>(name: string, cell: (item: T) => string | Cell): Column<T> {
  const asCell = (found: string | Cell): Cell => (typeof found === 'string' ? { text: found, kind: 'text' } : found);
  return { name, kind: 'text', cell: (item) => asCell(cell(item)) };
}

/** A column of figures; a figure that is absent is `no data`. */
export function number<T, V>(name: string, value: (item: T) => V | undefined, format: (value: V) => string): Column<T> {
  return { name, kind: 'number', cell: (item) => figure(value(item), format) };
}

/** Tables are cut here; report.json has all rows. */
const mostRows = 200;

/** A row for each item, as many as fit, with a note when some were left out. `noun` is the plural of an item. */
export function tableOf<T>(
  items: readonly T[],
  columns: readonly Column<T>[],
  options: Pick<Table, 'caption' | 'empty'> & {
    readonly noun?: string;
    readonly most?: number;
    readonly notes?: readonly string[];
  },
): Table {
  const { caption, empty, noun = 'rows', most = mostRows, notes = [] } = options;
  const all = `The first ${most} of ${formatCount(items.length)} ${noun}; report.json has all of them.`;
  const note = [...(items.length > most ? [all] : []), ...notes].join(' ');
  return {
    caption,
    columns: columns.map(({ cell: _, ...column }) => column),
    rows: items.slice(0, most).map((item) => columns.map(({ cell }) => cell(item))),
    empty,
    ...(note !== '' && { note }),
  };
}

/** A figure, or `no data` when it is absent. */
export function figure<T>(value: T | undefined, format: (value: T) => string): Cell {
  return value === undefined ? { text: noData, kind: 'none' } : { text: format(value), kind: 'number' };
}

/** A rate with its interval beneath it, where the ends differ from it in what is shown. */
export function rateCell(rate: Estimate | undefined): Cell {
  const cell = figure(rate?.value, formatRate);
  if (!rate) return cell;
  const [low, high] = [formatRate(rate.low), formatRate(rate.high)];
  return low === cell.text && high === cell.text ? cell : { ...cell, detail: `${low} to ${high}` };
}

/** A cell of text. */
export function words(text: string): Cell {
  return { text, kind: 'text' };
}

/** Short items on one line. */
export function list(items: readonly string[]): Cell {
  return { text: items.join(', '), kind: 'list' };
}
