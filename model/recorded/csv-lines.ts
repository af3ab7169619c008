// The lines of a table, and their cells.
import { UserError } from '../user-error.ts';

/** Reads line by line: half a million lines in a list take more room than the text. */
export function createLines(text: string) {
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

export type Lines = ReturnType<typeof createLines>;

/** The cells of the next line that is neither empty nor a comment; undefined at the end. */
export function nextRow(lines: Lines, separator: string): readonly string[] | undefined {
  for (let line = lines.next(); line !== undefined; line = lines.next())
    if (isRow(line)) return splitCells(line, separator);
  return undefined;
}

function isRow(line: string): boolean {
  const first = line.charCodeAt(0);
  // Digits: most lines.
  return (first > 47 && first < 58) || (line.trim() !== '' && !line.startsWith('#') && !isFrame(line));
}

/** What Markdown, psql and mysql draw around rows, and the number of rows behind them. */
export function isFrame(line: string): boolean {
  return /^[\s|+:-]*-{2,}[\s|+:-]*$|^\(\d+ rows?\)\s*$/.test(line);
}

/** The line on which a row stands, counted from 0 with the headings. */
export function lineOfRow(text: string, row: number): number {
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
  // A heading can have any of them in quotes.
  const start = text.slice(0, 4000).replace(/"[^"\n]*"/g, '');
  return [';', '\t', ',', '|'].find((each) => start.includes(each)) ?? ' ';
}

/** The cells of a line, without their quotes. */
export function splitCells(line: string, separator: string): readonly string[] {
  if (separator === ' ')
    return line
      .trim()
      .replace(/^(\d{4}-\d\d-\d\d) +(?=\d)/, '$1T')
      .split(/ +/);
  if (separator === '|') return splitPlain(line.replace(/^\s*\||\|\s*$/g, ''), separator);
  if (!line.includes('"')) return splitPlain(line, separator);
  const cells: string[] = [];
  const pattern = new RegExp(`("(?:[^"]|"")*"|[^${separator}]*)(${separator}|$)`, 'g');
  for (const match of line.trimEnd().matchAll(pattern)) {
    cells.push(
      (match[1] ?? '')
        .trim()
        .replace(/^"(.*)"$/s, '$1')
        .replaceAll('""', '"')
        .trim(),
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
    cells.push(sliceCell(line, from, to));
    from = to + 1;
  }
  cells.push(sliceCell(line, from, line.length));
  return cells;
}

/** Without blanks around it. */
function sliceCell(line: string, from: number, to: number): string {
  const isPadded = line.charCodeAt(from) <= 32 || line.charCodeAt(to - 1) <= 32;
  const cell = line.slice(from, to);
  return isPadded ? cell.trim() : cell;
}

/** The number in a cell, NaN for one without a value. A comma is that of a decimal fraction; in front of three digits of what can be large, it can be another. Throws a UserError for any other text. */
export function readNumber(cell: string, isPercent: boolean, name: string, where: () => string): number {
  // Most are plain: a year of minutes has half a million.
  const plain = cell === '' ? Number.NaN : Number(cell);
  if (!Number.isNaN(plain) || isMissing(cell)) return plain;
  const isUnclear = !isPercent && /,\d{3}$/.test(cell);
  const value = isUnclear ? Number.NaN : Number(cell.replace(/\s?%$/, '').replace(',', '.'));
  if (Number.isNaN(value)) throw new UserError(`${where()}: "${cell}" in column ${name} is not a number`);
  return value;
}

function isMissing(cell: string): boolean {
  return cell === '' || /^(null|undefined|none|nil|nan|n\/a|-+)$/i.test(cell);
}
