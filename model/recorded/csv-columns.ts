// Which columns of a CSV have the time, and which CPU.
import { UserError } from '../user-error.ts';
import {
  cpuInUse,
  isOfCores,
  isOtherStatistic,
  isOtherThanCpu,
  isPercentName,
  isStatisticAlone,
  type NamedMetric,
  nameMetric,
} from './metric-name.ts';
import type { ReadTime } from './point-time.ts';

/** The place of the time, or those of a date and of a clock. */
export type TimePlaces = readonly [place: number, clock?: number];

export type Column = NamedMetric & { readonly place: number; readonly name: string; readonly isPercent: boolean };

const timeName = /^_?(time|timestamp|date|datetime|at)\b/i;
/** Cells that vary without being the name of a machine: numbers, clocks, days, nothing. */
const saysNoMachine =
  /^$|^[-+]?\d*[.,]?\d+(e[-+]?\d+)?\s?%?$|\d:\d\d|^(mon|tue|wed|thu|fri|sat|sun)|^[ap]m$|^-+$|^(n\/a|nan|null|none)$/i;
export const dateAlone = /^(\d{4}[-/]\d\d?[-/]\d\d?|\d\d?[./]\d\d?[./](\d{4}|\d\d))$/;
const clockAlone = /^\d\d?:\d\d\b/;

/** Returns a check of each row. It throws a UserError where a column of texts varies: the rows are those of several machines. */
export function refuseSeveral(
  first: readonly string[],
  timePlaces: TimePlaces,
  nameOf: (place: number) => string,
): (cells: readonly string[], where: () => string) => void {
  const labels = first.flatMap((cell, place) =>
    timePlaces.includes(place) || saysNoMachine.test(cell) || dateAlone.test(cell) ? [] : [place],
  );
  return (cells, where) => {
    for (const place of labels) {
      const [cell = '', own] = [cells[place], first[place]];
      if (cell === own || saysNoMachine.test(cell)) continue;
      throw new UserError(
        `${where()}: the column ${nameOf(place)} has ${own} and ${cell}. Keep the rows of your machine, or delete the column`,
      );
    }
  };
}

/** In the first column or in one that is named so; else a date and a clock in columns of their own. Undefined for a row without a time. */
export function findTime(
  names: readonly string[] | undefined,
  cells: readonly string[],
  readTime: ReadTime,
): TimePlaces | undefined {
  const named = names?.findIndex((name) => timeName.test(name)) ?? -1;
  const single: TimePlaces = [Math.max(0, named)];
  if (readTime(timeOf(cells, single), undefined) !== undefined) return single;
  const pair = [dateAlone, clockAlone].map((pattern) => cells.findIndex((cell) => pattern.test(cell)));
  const [date = -1, clock = -1] = pair;
  if (date < 0 || clock < 0) return undefined;
  return readTime(timeOf(cells, [date, clock]), undefined) === undefined ? undefined : [date, clock];
}

/** The text of the time of a row. */
export function timeOf(cells: readonly string[], [place, clock]: TimePlaces): string {
  const text = cells[place] ?? '';
  return clock === undefined ? text : `${text} ${cells[clock] ?? ''}`;
}

/** The columns with a known heading; of a table with one column of values, that one. Throws a UserError for none, and for two of one metric. */
export function chooseColumns(
  headings: readonly (readonly string[])[],
  first: readonly string[],
  timePlaces: TimePlaces,
  isSaved: boolean,
  file: string,
): Column[] {
  const places = first.map((_, place) => place).filter((place) => !timePlaces.includes(place));
  const nameOf = (place: number) =>
    headings
      .map((cells) => cells[place] ?? '')
      // vmstat draws lines.
      .filter((name) => name !== '' && !/^-{2,}/.test(name))
      .join(' ');
  const found = places.flatMap((place): Column[] => {
    const name = nameOf(place);
    const named = nameMetric(name) ?? (places.length === 1 && !isOtherThanCpu(name) ? cpuInUse : undefined);
    if (named && isOfCores(name))
      throw new UserError(
        `${file}: the column ${name} is not of all vCPUs. Divide it by their number, and name it CPU %`,
      );
    const isPercent = isPercentName(name) || (first[place] ?? '').endsWith('%');
    return named ? [{ ...named, place, name: name || `${place + 1}`, isPercent }] : [];
  });
  // Beside the idle time, what is named after CPU alone says the same or which CPU it is.
  const columns = found.filter(
    (column) => !column.inverted || !found.some((each) => !each.inverted && isSameMetric(each, column)),
  );
  if (!isSaved && columns.length > 0 && columns.every(({ name }) => isStatisticAlone(name)))
    throw new UserError(
      `${file}: the column ${columns[0]?.name} does not say what it is the ${columns[0]?.statistic} of. Name it CPU % ${columns[0]?.name}, or idle % for idle time`,
    );
  if (columns.length === 0) {
    const names = places.map((place) => nameOf(place) || `column ${place + 1}`).join(', ');
    if (places.some((place) => isOtherStatistic(nameOf(place))))
      throw new UserError(`${file} has neither averages nor maxima of CPU, only ${names}. Record Average and Maximum`);
    throw new UserError(`${file} has no column of CPU, only ${names}. Name one cpu, or keep one`);
  }
  for (const column of columns) {
    const other = columns.find(
      (each) => each !== column && each.inverted === column.inverted && isSameMetric(each, column),
    );
    if (other)
      throw new UserError(
        `${file}: the columns ${column.name} and ${other.name} are both ${column.inverted ? 'CPU use' : column.metric}. Keep the one of your machine`,
      );
  }
  return columns;
}

function isSameMetric(a: Column, b: Column): boolean {
  return a.metric === b.metric && (a.statistic ?? 'avg') === (b.statistic ?? 'avg');
}
