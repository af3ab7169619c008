// JSON with a row for each point -> a table as CSV: lists of objects and of pairs, columns beside rows, buckets of an aggregation.
import { recordsOf } from '../access-log/json-document.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { nameMetric } from './metric-name.ts';

type Rows = { readonly names: readonly string[]; readonly rows: readonly (readonly unknown[])[] };

const timeNames = /^_?(time|timestamp|date|datetime|clock|epoch|at|t|ts|key)\b|stamp|^key_|^time/i;

/** Columns that name what is in the rows beside them: InfluxDB, Netdata, Azure's logs. */
export function isCountable(value: unknown): value is JsonObject {
  return isJsonObject(value) && columnsOf(value) !== undefined;
}

/** The CSV of a text; undefined for one without rows of points. */
export function tableOf(text: string): string | undefined {
  const found = rowsOf(parse(text), 6) ?? rowsOfRecords(recordsOf(text));
  if (!found || found.rows.length === 0) return undefined;
  const { names, rows } = onlyNeeded(found);
  const cell = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
  return [names, ...rows].map((row) => row.map(cell).join(',')).join('\n');
}

function columnsOf({ columns, labels, values, rows, data }: JsonObject): Rows | undefined {
  const names = [columns, labels]
    .find(Array.isArray)
    ?.map((each) => (isJsonObject(each) ? String(each.name) : String(each)));
  const found = [values, rows, data].find((each) => Array.isArray(each) && each.every(Array.isArray));
  return names && found ? { names, rows: found as Rows['rows'] } : undefined;
}

/** The only table in a document. */
function rowsOf(value: unknown, depth: number): Rows | undefined {
  if (isPairs(value)) return { names: ['time', 'value'], rows: value };
  const own = isJsonObject(value) ? (columnsOf(value) ?? frameOf(value)) : undefined;
  if (own || depth === 0 || typeof value !== 'object' || value === null) return own;
  const inner = Object.values(value).flatMap((each) => rowsOf(each, depth - 1) ?? []);
  return inner.length === 1 ? inner[0] : undefined;
}

function isPairs(value: unknown): value is Rows['rows'] {
  const isPair = (each: unknown) =>
    Array.isArray(each) && each.length === 2 && each.every((cell) => /^(string|number)$/.test(typeof cell));
  return Array.isArray(value) && value.length > 1 && value.every(isPair);
}

/** Grafana's data frame has a list of values for each field. */
function frameOf({ schema, data }: JsonObject): Rows | undefined {
  const [fields, values] = [(schema as JsonObject | undefined)?.fields, (data as JsonObject | undefined)?.values];
  if (!Array.isArray(fields) || !Array.isArray(values) || !Array.isArray(values[0])) return undefined;
  const rows = values[0].map((_: unknown, row: number) => values.map((column) => (column as readonly unknown[])[row]));
  return { names: fields.map(({ name }: JsonObject) => String(name)), rows };
}

function rowsOfRecords(records: readonly object[] | undefined): Rows | undefined {
  const flat = records?.map((each) => Object.fromEntries(flatten(each as JsonObject)));
  const names = Object.keys(flat?.[0] ?? {});
  return flat && names.length > 1 ? { names, rows: flat.map((each) => names.map((name) => each[name])) } : undefined;
}

/** A bucket has `{cpu: {value: 5}}`. */
function flatten(record: JsonObject): [string, unknown][] {
  return Object.entries(record).flatMap(([name, value]): [string, unknown][] =>
    isJsonObject(value)
      ? flatten(value).map(([inner, each]) => [inner === 'value' ? name : `${name}.${inner}`, each])
      : [[name, value]],
  );
}

/** The time first; beside a column that is called value, no other numbers: they are ids. */
function onlyNeeded({ names, rows }: Rows): Rows {
  const time = Math.max(
    0,
    names.findIndex((name) => timeNames.test(name)),
  );
  const isNumber = (place: number) => !Number.isNaN(Number(rows[0]?.[place] || Number.NaN));
  const hasValue = names.includes('value') && !names.some((name) => nameMetric(name));
  const others = names.flatMap((name, place) =>
    place === time || (hasValue && name !== 'value' && isNumber(place)) || timeNames.test(name) ? [] : [place],
  );
  const pick = <T>(cells: readonly T[]) => [time, ...others].map((place) => cells[place] as T);
  return { names: ['time', ...pick(names).slice(1)], rows: rows.map(pick) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Several documents: records, line by line.
    return undefined;
  }
}
