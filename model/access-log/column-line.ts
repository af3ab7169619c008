// Logs with columns: under a line of their names, or with cells that say what they are.
import { findMoment } from './find-moment.ts';
import type { Fields } from './flat-record.ts';
import type { LogLine, Undated } from './log-line.ts';
import type { LogTime } from './moment.ts';
import { isName } from './record-request.ts';

const separators = ['\t', ';', '|', ','] as const;
/** A column of them says that a row is not one request. */
const countNames = /^(?:requests?[ _]?count|requests|count|hits|number of requests)$/i;
const sent = /^(?:0|000|[1-5]\d\d)$/;
const method = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;
/** https://learn.microsoft.com/windows/win32/http/iis-logging: address, user, date, clock, service, ..., status, ..., method, path, query. */
const iis =
  /^([^,\s]+), [^,]*, (\d\d?)\/(\d\d?)\/(\d{4}|\d\d), (\d\d?:\d\d:\d\d), \w+, [^,]*, [^,]*, \d+, \d+, \d+, (\d+), \d+, ([A-Z]+), ([^,]*), ([^,]*),/;

function cellsOf(text: string, separator: string): readonly string[] {
  if (!text.includes('"')) return text.split(separator).map((cell) => cell.trim());
  const cell = new RegExp(`\\s*(?:"((?:[^"]|"")*)"|([^${separator}]*))(?:\\${separator}|$)`, 'y');
  const cells: string[] = [];
  for (let found = cell.exec(text); found && found.index < text.length; found = cell.exec(text))
    cells.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').trim());
  return cells;
}

/** Returns a reader of rows as fields, which remembers the names. `names` for the line that has them, undefined for one that does not fit. */
export function createColumnReader() {
  let [names, separator]: [readonly string[] | undefined, string] = [undefined, ','];
  return (text: string, isBegin: boolean): Fields | 'names' | undefined => {
    if (names) {
      const cells = cellsOf(text, separator);
      if (cells.length === names.length && cells.some((cell, place) => cell !== names?.[place]))
        return Object.fromEntries(names.map((name, place) => [name, cells[place]]));
    }
    if (!isBegin || text.length > 2000) return undefined;
    for (const each of separators) {
      const cells = text.includes(each) ? cellsOf(text, each) : [];
      const isNamed = (kind: Parameters<typeof isName>[0]) => cells.some((cell) => isName(kind, cell));
      if (cells.length < 3 || cells.some((cell) => /^\W?\d/.test(cell))) continue;
      if (!isNamed('method') || !isNamed('path') || !isNamed('status')) continue;
      [names, separator] = [cells, each];
      return 'names';
    }
    return undefined;
  };
}

/** How many requests a row is about: 1, or what its column of counts says. NaN for a count that is none. */
export function countOf(fields: Fields): number {
  const name = Object.keys(fields).find((each) => countNames.test(each));
  if (name === undefined) return 1;
  const text = String(fields[name]);
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Reads a row without names: its cells have a method, a path and a status. */
export function readCells(text: string, time: LogTime | undefined): LogLine | undefined {
  const separator = separators.find((each) => text.includes(each));
  if (separator === undefined || time === undefined) return undefined;
  const cells = cellsOf(text, separator);
  const verb = cells.findIndex((cell) => method.test(cell));
  const path = cells.findIndex((cell) => /^(?:\/|https?:\/\/)/.test(cell));
  if (verb < 0 || path < 0) return undefined;
  // Bytes and milliseconds look like one too, and stand behind it.
  const code = cells.find((cell) => sent.test(cell));
  if (code === undefined) return undefined;
  const undated: Undated = { format: 'text', request: `${cells[verb]} ${cells[path]}`, status: Number(code) };
  return { ...time, ...undated };
}

/** Reads a line of the IIS log format, whose times are local. */
export function readIis(text: string): LogLine | undefined {
  const [, , month, day, year = '', clock = '', code, verb, path = '', query = '-'] = iis.exec(text) ?? [];
  if (code === undefined) return undefined;
  const whole = `${year.length === 2 ? '20' : ''}${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  const found = findMoment(`${whole} ${clock.padStart(8, '0')}`);
  if (!found || found === 'impossible') return undefined;
  const request = `${verb} ${path}${query === '-' || query === '' ? '' : `?${query}`}`;
  return { ...found, format: 'text', request, status: Number(code) };
}
