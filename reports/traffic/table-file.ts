// The text of a table, CSV or JSON -> its rows.
import { recordsOf } from '../../model/access-log/json-document.ts';
import { isFrame, separatorOf, splitCells } from '../../model/recorded/csv-lines.ts';
import { UserError } from '../../model/user-error.ts';
import { type CloudWatchRows, rowsOfConsole, rowsOfJson } from './cloudwatch-table.ts';
import { chooseColumns } from './table-columns.ts';
import type { Traffic } from './traffic.ts';
import { type Row, trafficFromRows } from './traffic-table.ts';

const expected =
  'a table needs a time (like 2026-01-31T09:00, or the hour of the day) and a number of requests; a log of requests is described with --log-format';

/** Of a document: `[I 260312 09:00` is a line of text. */
const json = /^\s*(?:\[\s*(?:["[{\]]|-?\d+(?:\.\d+)?\s*[,\]])|\{\s*["}])/;

/** What `cut -c1-13 | uniq -c` prints: a number and a time. */
const counted = /^ *\d+ +\S*\d{4}\S*$/;

/** The text begins like JSON, or its lines are short cells with a separator between them. */
export function looksLikeTable(text: string): boolean {
  if (json.test(text)) return true;
  const lines = text
    .slice(0, 20_000)
    .split(/\r\n|\n|\r/)
    .slice(0, 20)
    .filter(isRow);
  const separator = separatorOf(lines.join('\n'));
  if (lines.length > 0 && lines.every((line) => counted.test(line))) return true;
  return (
    lines.length > 0 &&
    separator !== ' ' &&
    lines.every((line) => line.length < 300) &&
    lines.filter((line) => splitCells(line, separator).length > 1).length > lines.length / 2
  );
}

/** Reads rows of a time and a count, with or without a header. Throws a UserError that names file and line. */
export function readTable(file: string, text: string): Traffic {
  return json.test(text) ? readJson(file, text) : readCsv(file, text);
}

function isRow(line: string): boolean {
  return line.trim() !== '' && !line.startsWith('#') && !/^sep=.$/i.test(line) && !isFrame(line);
}

function readCsv(file: string, text: string): Traffic {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => isRow(line));
  const separator = separatorOf(
    lines
      .slice(0, 100)
      .map(({ line }) => line)
      .join('\n'),
  );
  const all = withoutTitle(
    lines.map(({ line, number }) => ({ number, cells: withoutEmptyEnd(splitCells(line, separator)) })),
  );
  const saved = rowsOfConsole(file, all);
  if (saved) return trafficFromSaved(file, saved, separator);
  // A name like 2xx is no number.
  const hasHeader = all[0] !== undefined && !all[0].cells.some((cell) => /^\W?\d(?!xx$)/i.test(cell));
  const names = hasHeader ? all[0]?.cells : undefined;
  const rows = hasHeader ? all.slice(1) : all;
  const [first] = rows;
  if (!first) throw new UserError(`${file} has a header but no rows: ${expected}`);
  const width = names?.length ?? first.cells.length;
  const odd = rows.find(({ cells }) => cells.length > width);
  if (odd)
    throw new UserError(
      `${file} line ${odd.number} has ${odd.cells.length} columns, and the first line ${width}. Quote counts that have a separator, or write them without`,
    );
  const columns = chooseColumns(file, names, first.cells);
  const { time, requests } = columns;
  return trafficFromRows(
    file,
    rows.map(({ cells, number }): Row => {
      const where = `${file} line ${number}`;
      return { where, time: time.map((place) => cells[place] ?? '').join(' '), requests: cells[requests] };
    }),
    { expected, separator, columns },
  );
}

/** Lines before the first with more than one cell are a title. */
function withoutTitle<T extends { readonly cells: readonly string[] }>(lines: readonly T[]): readonly T[] {
  const begin = lines.findIndex(({ cells }) => cells.filter((cell) => cell !== '').length > 1);
  return lines.slice(Math.max(0, begin));
}

function withoutEmptyEnd(cells: readonly string[]): readonly string[] {
  const end = cells.findLastIndex((cell) => cell !== '');
  return cells.slice(0, Math.max(2, end + 1));
}

function trafficFromSaved(file: string, { rows, name }: CloudWatchRows, separator: string): Traffic {
  return trafficFromRows(file, rows, { expected, separator, columns: { name }, gapsAreZero: true });
}

/** Reads what CloudWatch sends, `[{"at": ISO, "requests": n}, ...]`, `[{"hour": 9, "requests": n}, ...]`, such objects line by line, or 24 numbers. */
function readJson(file: string, text: string): Traffic {
  const saved = rowsOfJson(file, text);
  if (saved) return trafficFromSaved(file, saved, '');
  const value = rowsOfMap(recordsOf(text) ?? parseJson(file, text));
  if (!Array.isArray(value)) throw new UserError(`${file} is not a list: ${expected}`);
  const options = { expected, separator: '', columns: { name: '' } };
  if (value.length === 24 && value.every((each) => typeof each === 'number'))
    return trafficFromRows(
      file,
      value.map((requests, hour): Row => ({ where: `${file} entry ${hour}`, time: hour, requests })),
      options,
    );
  const entries = value.map((each: unknown, index) => {
    if (typeof each === 'object' && each !== null) return each as Readonly<Record<string, unknown>>;
    throw new UserError(`${file} entry ${index} is not an object: ${expected}`);
  });
  const names = Object.keys(entries[0] ?? {});
  if (names.length === 0) throw new UserError(`${file} is empty: ${expected}`);
  const columns = chooseColumns(file, names, Object.values(entries[0] ?? {}));
  const { time, requests } = columns;
  const timeName = names[time[0] ?? 0] ?? '';
  return trafficFromRows(
    file,
    entries.map((entry, index): Row => {
      const at = entry[timeName] ?? entry.at ?? entry.time ?? entry.hour;
      return { where: `${file} entry ${index}`, time: at, requests: entry[names[requests] ?? ''] };
    }),
    { ...options, columns },
  );
}

/** Of one object with a number for each time. */
function rowsOfMap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  const isMap = entries.length > 1 && entries.every(([, requests]) => typeof requests === 'number');
  return isMap ? entries.map(([time, requests]) => ({ time, requests })) : value;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file} is not valid JSON: ${(cause as Error).message.replace(/\s+/g, ' ')}`, { cause });
  }
}
