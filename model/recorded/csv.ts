// CSV of times and values: a plain table, or what CloudWatch's console saves with its heading lines. A time is the begin of its period.
import { UserError } from '../user-error.ts';
import { type Column, chooseColumns, findTime, timeOf } from './csv-columns.ts';
import { isCpuPercent } from './metric-name.ts';
import type { ReadTime } from './point-time.ts';
import type { Draft, Drafts } from './recorded-file.ts';

/** More heading lines than this are not one of the known files. */
const mostHeadings = 60;

/** Reads columns by their headings; a single column of values needs none. Throws a UserError that names the line. */
export function readCsv(text: string, file: string, readTime: ReadTime): Drafts {
  const lines = createLines(text);
  const separator = separatorOf(text);
  const { headings, first, timePlaces } = readHeadings(lines, file, separator, readTime);
  const columns = chooseColumns(headings, first, timePlaces, file);
  const times: number[] = [];
  const values = columns.map((): number[] => []);
  const missing = columns.map(() => 0);
  const where = () => `${file} line ${lines.number()}`;
  for (let cells: readonly string[] | undefined = first; cells !== undefined; cells = nextRow(lines, separator)) {
    const stamp = timeOf(cells, timePlaces);
    const at = readTime(stamp, times.at(-1));
    if (at === undefined) throw new UserError(`${where()}: "${stamp}" is not a time like 2026-01-31T09:00Z`);
    times.push(at);
    for (let index = 0; index < columns.length; index++) {
      const { place, name, metric } = columns[index] as Column;
      const cell = cells[place] ?? '';
      const value = readNumber(cell, isCpuPercent(metric));
      if (Number.isNaN(value)) {
        if (!isMissing(cell)) throw new UserError(`${where()}: "${cell}" in column ${name} is not a number`);
        missing[index] = (missing[index] ?? 0) + 1;
      }
      values[index]?.push(value);
    }
  }
  const intervalS = periodOf(headings);
  const isSaved = isConsole(headings);
  const isUnknown = ({ isPercent, metric }: Column) => !isPercent && !isSaved && isCpuPercent(metric);
  const highest = highestOf(values.filter((_, index) => isUnknown(columns[index] as Column)));
  const drafts = columns.map((column, index): Draft => {
    const { place: _, name: __, isPercent: ___, ...named } = column;
    const all = values[index] ?? [];
    const rows = missing[index] === 0 ? undefined : all.flatMap((value, row) => (Number.isNaN(value) ? [] : [row]));
    return {
      statistic: 'avg',
      ...named,
      stamped: 'begin',
      ...(intervalS !== undefined && { intervalS }),
      times: rows ? rows.map((row) => times[row] as number) : times,
      values: rows ? rows.map((row) => all[row] as number) : all,
      placeOf: (place) => `line ${lineOfRow(text, headings.length + (rows?.[place] ?? place))}`,
      unitUnknown: isUnknown(column),
      highest,
    };
  });
  return { format: isSaved ? 'cloudwatch-console' : 'csv', drafts };
}

/** The highest value of columns that have one unit; empty cells are NaN. */
function highestOf(columns: readonly (readonly number[])[]): number {
  let highest = 0;
  for (const values of columns) for (const value of values) if (value > highest) highest = value;
  return highest;
}

/** Reads line by line: half a million lines in a list take more room than the text. */
function createLines(text: string) {
  let from = 0;
  let number = 0;
  return {
    number: () => number,
    /** Undefined at the end. */
    next: (): string | undefined => {
      if (from >= text.length) return undefined;
      const found = text.indexOf('\n', from);
      const end = found < 0 ? text.length : found;
      const line = text.slice(from, end);
      from = end + 1;
      number++;
      return line;
    },
  };
}

type Lines = ReturnType<typeof createLines>;

function nextRow(lines: Lines, separator: string): readonly string[] | undefined {
  for (let line = lines.next(); line !== undefined; line = lines.next())
    if (isRow(line)) return splitCells(line, separator);
  return undefined;
}

function isRow(line: string): boolean {
  return line.charCodeAt(0) > 35 || (line.trim() !== '' && !line.startsWith('#'));
}

/** The line on which a row stands, counted from 0 with the headings. */
function lineOfRow(text: string, row: number): number {
  const lines = createLines(text);
  for (let left = row; left >= 0; ) {
    const line = lines.next();
    if (line === undefined) break;
    if (isRow(line)) left--;
  }
  return lines.number();
}

/** The separator of columns that stands in the first lines; a blank without one. */
export function separatorOf(text: string): string {
  const start = text.slice(0, 4000);
  return [';', '\t', ','].find((each) => start.includes(each)) ?? ' ';
}

/** The cells of a line, without their quotes. */
export function splitCells(line: string, separator: string): readonly string[] {
  if (separator === ' ')
    return line
      .trim()
      .replace(/^(\d{4}-\d\d-\d\d) +(?=\d)/, '$1T')
      .split(/ +/);
  if (!line.includes('"')) return splitPlain(line, separator);
  const cells: string[] = [];
  const pattern = new RegExp(`("(?:[^"]|"")*"|[^${separator}]*)(${separator}|$)`, 'g');
  for (const match of line.trimEnd().matchAll(pattern)) {
    cells.push(
      (match[1] ?? '')
        .trim()
        .replace(/^"(.*)"$/s, '$1')
        .replaceAll('""', '"'),
    );
    if (match[2] === '') break;
  }
  return cells;
}

/** By hand: a year of minutes has half a million lines. */
function splitPlain(line: string, separator: string): readonly string[] {
  const cells: string[] = [];
  let from = 0;
  for (let to = line.indexOf(separator); to >= 0; to = line.indexOf(separator, from)) {
    cells.push(line.slice(from, to).trim());
    from = to + 1;
  }
  cells.push(line.slice(from).trim());
  return cells;
}

/** A comma is that of a decimal fraction; in front of three digits of what can be large, it can be another. */
function readNumber(cell: string, isPercent: boolean): number {
  if (cell === '' || (!isPercent && /,\d{3}$/.test(cell))) return Number.NaN;
  const value = Number(cell);
  // Most are plain: a year of minutes has half a million.
  return Number.isNaN(value) ? Number(cell.replace(/ ?%$/, '').replace(',', '.')) : value;
}

function isMissing(cell: string): boolean {
  return cell === '' || /^(null|nan|n\/a|-)$/i.test(cell);
}

/** The lines before the first that has a time, which is in the first column or in one that is named so. */
function readHeadings(lines: Lines, file: string, separator: string, readTime: ReadTime) {
  const headings: (readonly string[])[] = [];
  for (;;) {
    const cells = nextRow(lines, separator);
    if (cells === undefined || headings.length > mostHeadings)
      throw new UserError(
        `${file} has no line with a time. headroom reads CloudWatch, Datadog, Prometheus, sadf -j, sar -u, metrics pull, and CSV like 2026-01-31T09:00Z,12.5`,
      );
    const timePlaces = findTime(headings.at(-1), cells, readTime);
    if (timePlaces) return { headings, first: cells, timePlaces };
    headings.push(cells);
  }
}

function isConsole(headings: readonly (readonly string[])[]): boolean {
  return headings.some(([name = '']) => /^(full )?label$|^statistic$|^period$|^account/i.test(name));
}

function periodOf(headings: readonly (readonly string[])[]): number | undefined {
  const line = headings.find(([name = '']) => /^period\b/i.test(name));
  const seconds = Number(line?.[1]?.replace(/ ?(s|seconds?)$/i, ''));
  return seconds > 0 ? seconds : undefined;
}
