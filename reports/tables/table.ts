// A table as pages show it: figures right-aligned, text left-aligned, `no data` for a missing figure.
import { noData } from '../format/format.ts';

export type Cell = {
  readonly text: string;
  readonly kind:
    | 'text'
    | 'list'
    | 'number'
    | 'none'
    | 'absent'
    | 'code'
    | 'pass'
    | 'fail'
    | 'no-data'
    | 'worse'
    | 'better';
  /** Beneath it, smaller. */
  readonly detail?: string;
};
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

type Column = Table['columns'][number];

/** A column of text. */
export function text(name: string): Column {
  return { name, kind: 'text' };
}

/** A column of figures. */
export function number(name: string): Column {
  return { name, kind: 'number' };
}

/** Tables are cut here; report.json has all rows. */
const mostRows = 200;

/** A figure, or `no data` when it is absent. */
export function figure<T>(value: T | undefined, format: (value: T) => string): Cell {
  return value === undefined ? { text: noData, kind: 'none' } : { text: format(value), kind: 'number' };
}

/** A cell of text. */
export function words(text: string): Cell {
  return { text, kind: 'text' };
}

/** A text that is not known. */
export function absent(): Cell {
  return { text: noData, kind: 'absent' };
}

/** Short items on one line. */
export function list(items: readonly string[]): Cell {
  return { text: items.join(', '), kind: 'list' };
}

/** The rows that fit, with a note when some were left out. */
export function cut<T>(
  rows: readonly T[],
  noun: string,
  most = mostRows,
): { readonly shown: readonly T[]; readonly note?: string } {
  if (rows.length <= most) return { shown: rows };
  return {
    shown: rows.slice(0, most),
    note: `The first ${most} of ${rows.length.toLocaleString('en-US')} ${noun}; report.json has all of them.`,
  };
}
