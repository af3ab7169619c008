// Tables with a row for each point of each series: Grafana's "Series;Time;Value", InfluxDB's annotated CSV, `host,time,value`.
import { UserError } from '../user-error.ts';
import type { TimePlaces } from './csv-columns.ts';
import { readNumber } from './csv-lines.ts';
import type { CsvTable } from './csv-table.ts';
import { unitBytesOf } from './memory-unit.ts';
import {
  canBeSum,
  cpuInUse,
  isCpuPercent,
  isOtherThanCpu,
  isPercentName,
  memoryPercent,
  type NamedMetric,
  nameMetric,
} from './metric-name.ts';
import type { Draft } from './recorded-file.ts';

type SeriesColumns = {
  /** Where the value stands. */
  readonly value: number;
  /** What names the series. */
  readonly labels: readonly number[];
};

/** Undefined for a table of which each column is a series. */
export function findSeriesColumns(
  names: readonly string[],
  first: readonly string[],
  timePlaces: TimePlaces,
): SeriesColumns | undefined {
  const value = names.findIndex((name) => /^_?values?$/i.test(name));
  if (value < 0) return undefined;
  const labels = names.flatMap((name, place) => {
    const isOther = place === value || timePlaces.includes(place) || /^(|result|table|_start|_stop)$/.test(name);
    return isOther || /^-?\d+([.,]\d+)?$/.test(first[place] ?? '') ? [] : [place];
  });
  return labels.length > 0 ? { value, labels } : undefined;
}

type Series = { readonly times: number[]; readonly values: number[]; readonly rows: number[] };
type NamedSeries = Series & { readonly name: string; readonly named: NamedMetric };

/** A metric for each series of the CPU or of the memory; of several the one over all CPUs. Throws a UserError when it is not clear which. */
export function readSeries(table: CsvTable, { value, labels }: SeriesColumns, file: string): Draft[] {
  const byName = new Map<string, Series>();
  let row = 0;
  table.each((cells, at) => {
    const name = labels.map((place) => cells[place] ?? '').join(' ');
    const series: Series = byName.get(name) ?? { times: [], values: [], rows: [] };
    byName.set(name, series);
    const number = readNumber(cells[value] ?? '', true, 'value', table.where);
    if (!Number.isNaN(number)) {
      series.times.push(at);
      series.values.push(number);
      series.rows.push(row);
    }
    row++;
  });
  const chosen = chooseSeries(byName, file);
  const isPercent = (table.first[value] ?? '').endsWith('%');
  const unknown = chosen.filter(({ named: { metric } }) => !isPercent && isCpuPercent(metric));
  const highest = highestOf(unknown.map(({ values }) => values));
  return chosen.map(({ named, times, values, rows, ...series }): Draft => {
    const unitBytes = unitBytesOf(series.name);
    const isShare = named.metric === memoryPercent && !isPercent && !isPercentName(series.name);
    return {
      statistic: 'avg',
      ...named,
      // A window of Flux has the time of its end.
      stamped: table.headings.at(-1)?.includes('_time') ? 'end' : 'begin',
      times,
      values,
      placeOf: (place) => `line ${table.lineOf(rows[place] ?? place)}`,
      unitUnknown: isShare || unknown.some(({ name }) => name === series.name),
      ...(unitBytes !== undefined && { unitBytes }),
      // The name of a host alone does not say that it is no sum.
      isSum: canBeSum(series.name) || !nameMetric(series.name),
      highest,
    };
  });
}

function chooseSeries(byName: ReadonlyMap<string, Series>, file: string): readonly NamedSeries[] {
  const known = [...byName].flatMap(([name, series]): NamedSeries[] => {
    const named = nameMetric(name) ?? (byName.size === 1 && !isOtherThanCpu(name) ? cpuInUse : undefined);
    return named ? [{ ...series, name, named }] : [];
  });
  if (known.length === 0)
    throw new UserError(
      `${file} has no series that is named after CPU, only ${[...byName.keys()].slice(0, 5).join(', ')}. Keep the rows of your machine`,
    );
  const groups = new Map<string, NamedSeries[]>();
  for (const each of known) {
    const key = JSON.stringify(each.named);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => onlyOf(group, file));
}

/** The one of all CPUs. */
function onlyOf(group: readonly NamedSeries[], file: string): NamedSeries {
  const totals = group.filter(({ name }) => /(^|[^a-z])(total|all)([^a-z]|$)/i.test(name));
  const [only, other] = totals.length > 0 ? totals : group;
  if (only && !other) return only;
  throw new UserError(
    `${file} has several series of ${group[0]?.named.inverted ? 'CPU use' : group[0]?.named.metric} (${group
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ')}). Keep the rows of your machine`,
  );
}

/** The highest value of columns that have one unit; empty cells are NaN. */
export function highestOf(columns: readonly (readonly number[])[]): number {
  let highest = 0;
  for (const values of columns) for (const value of values) if (value > highest) highest = value;
  return highest;
}
