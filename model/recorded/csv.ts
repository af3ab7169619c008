// CSV of times and values: a plain table, or what CloudWatch's console saves with its heading lines. A time is the begin of its period.
import { type Column, chooseColumns, refuseSeveral } from './csv-columns.ts';
import { readNumber } from './csv-lines.ts';
import { findSeriesColumns, highestOf, readSeries } from './csv-series.ts';
import { type CsvTable, openTable } from './csv-table.ts';
import { unitBytesOf } from './memory-unit.ts';
import { canBeSum, isCpuPercent, memoryPercent } from './metric-name.ts';
import type { ReadTime } from './point-time.ts';
import type { Draft, Drafts } from './recorded-file.ts';

/** Reads columns by their headings, or rows that each name their series; a single column of values needs no heading. Throws a UserError that names the line. */
export function readCsv(text: string, file: string, readTime: ReadTime): Drafts {
  const table = openTable(text, file, readTime);
  const series = findSeriesColumns(table.headings.at(-1) ?? [], table.first, table.timePlaces);
  return series ? { format: 'csv', drafts: readSeries(table, series, file) } : readColumns(table, file);
}

function readColumns(table: CsvTable, file: string): Drafts {
  const { headings, first, timePlaces, where } = table;
  const isSaved = isConsole(headings);
  const columns = chooseColumns(headings, first, timePlaces, isSaved, file);
  const times: number[] = [];
  const values = columns.map((): number[] => []);
  const missing = columns.map(() => 0);
  const check = refuseSeveral(first, timePlaces, (place) => headings.at(-1)?.[place] || `${place + 1}`);
  table.each((cells, at) => {
    check(cells, where);
    times.push(at);
    for (let index = 0; index < columns.length; index++) {
      const { place, name, metric } = columns[index] as Column;
      const value = readNumber(cells[place] ?? '', isCpuPercent(metric), name, where);
      if (Number.isNaN(value)) missing[index] = (missing[index] ?? 0) + 1;
      values[index]?.push(value);
    }
  });
  const intervalS = periodOf(headings);
  const isUnknown = ({ isPercent, metric }: Column) =>
    !isPercent && !isSaved && (isCpuPercent(metric) || metric === memoryPercent);
  const isOfCpu = (column: Column) => isUnknown(column) && isCpuPercent(column.metric);
  const highest = highestOf(values.filter((_, index) => isOfCpu(columns[index] as Column)));
  const drafts = columns.map((column, index): Draft => {
    const { place: _, name, isPercent: __, ...named } = column;
    const all = values[index] ?? [];
    const unitBytes = unitBytesOf(name);
    const rows = missing[index] === 0 ? undefined : all.flatMap((value, row) => (Number.isNaN(value) ? [] : [row]));
    return {
      statistic: 'avg',
      ...named,
      stamped: 'begin',
      ...(intervalS !== undefined && { intervalS }),
      times: rows ? rows.map((row) => times[row] as number) : times,
      values: rows ? rows.map((row) => all[row] as number) : all,
      placeOf: (place) => `line ${table.lineOf(rows?.[place] ?? place)}`,
      unitUnknown: isUnknown(column),
      ...(unitBytes !== undefined && { unitBytes }),
      isSum: canBeSum(name),
      highest,
    };
  });
  return { format: isSaved ? 'cloudwatch-console' : 'csv', drafts };
}

function isConsole(headings: readonly (readonly string[])[]): boolean {
  // One alone can be a column of another program.
  return (
    headings.filter(([name = '']) => /^((full )?label|statistic|period|account( label)?|region|id)$/i.test(name))
      .length > 1
  );
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Of a heading like `Period,300` or `Period,5 minutes`, in seconds. */
function periodOf(headings: readonly (readonly string[])[]): number | undefined {
  const line = headings.find(([name = '']) => /^period\b/i.test(name));
  const [, count, unit = 's'] =
    /^(\d+) ?(s|m|h|d|)[a-z]*$/i.exec(line?.find((cell, place) => place > 0 && cell !== '') ?? '') ?? [];
  const seconds = Number(count) * (unitSeconds[unit.toLowerCase()] ?? 1);
  return seconds > 0 ? seconds : undefined;
}
