// A table as every page shows it: figures on the right, text on the left, `no data` where there is none.
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
    /** Gives way on a phone. */
    readonly lesser?: boolean;
  }[];
  readonly rows: readonly (readonly Cell[])[];
  /** What stands there when there is no row. */
  readonly empty: string;
  /** For example how many rows were left out. */
  readonly note?: string;
};

export type Column = Table['columns'][number];

/** A column of words. */
export function text(name: string): Column {
  return { name, kind: 'text' };
}

/** A column of figures. */
export function number(name: string): Column {
  return { name, kind: 'number' };
}

/** More rows than this are not read; report.json has them all. */
const mostRows = 200;

/** A figure, or `no data` when it is absent. */
export function figure<T>(value: T | undefined, format: (value: T) => string): Cell {
  return value === undefined ? { text: noData, kind: 'none' } : { text: format(value), kind: 'number' };
}

/** Words. */
export function words(text: string): Cell {
  return { text, kind: 'text' };
}

/** Words that are not known. */
export function absent(): Cell {
  return { text: noData, kind: 'absent' };
}

/** Short items on one line. */
export function list(items: readonly string[]): Cell {
  return { text: items.join(', '), kind: 'list' };
}

/** Says when rows were left out. */
export function cut<T>(
  rows: readonly T[],
  noun: string,
  most = mostRows,
): { readonly shown: readonly T[]; readonly note?: string } {
  if (rows.length <= most) return { shown: rows };
  return {
    shown: rows.slice(0, most),
    note: `The first ${most} of ${rows.length.toLocaleString('en-US')} ${noun}; report.json has all.`,
  };
}
