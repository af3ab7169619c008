// The rows of a table of requests by hour or minute -> traffic.
import { UserError } from '../../model/user-error.ts';
import { formatDuration } from '../format/format.ts';
import type { TrafficFinding } from '../schema/traffic-findings.ts';
import { describeZones } from './log-traffic.ts';
import type { Columns } from './table-columns.ts';
import { readCounts } from './table-count.ts';
import { readTimes } from './table-time.ts';
import { summarizeTraffic, type Traffic } from './traffic.ts';
import { type Bin, trafficFromBins } from './traffic-bins.ts';

const hourMs = 3_600_000;
/** Longer rows hide when the traffic peaks. */
const longestIntervalMs = 6 * hourMs;

/** A line or entry, with the place where it stands. */
export type Row = { readonly where: string; readonly time: unknown; readonly requests: unknown };

/**
 * Adds the rows up. `expected`: what a table needs, for a message; `separator`: of the columns; `gapsAreZero`: a time without a row had no
 * requests. Throws a UserError that names the row.
 */
export function trafficFromRows(
  file: string,
  given: readonly Row[],
  {
    expected,
    separator,
    columns,
    gapsAreZero = false,
  }: {
    readonly expected: string;
    readonly separator: string;
    readonly columns: Pick<Columns, 'name' | 'eachMs'>;
    readonly gapsAreZero?: boolean;
  },
): Traffic {
  if (given.length === 0) throw new UserError(`${file} is empty: ${expected}`);
  const rows = withoutTotal(given, separator);
  const { times, rangeMs } = readTimes(
    file,
    rows.map(({ where, time }) => ({ where, value: time })),
    expected,
  );
  const counts = readCounts(
    rows.map(({ where, requests }) => ({ where, value: requests })),
    separator,
  );
  checkCounter(file, counts, columns);
  const read = times.map((time, index) => ({ ...time, requests: counts[index] ?? 0 }));
  const hours = read.filter((each) => each.kind === 'hour');
  if (hours.length > 0 && hours.length < read.length) {
    throw new UserError(`${file} mixes hours of the day with dates: use one kind`);
  }
  if (hours.length > 0) {
    if (rangeMs !== undefined && rangeMs !== hourMs)
      throw new UserError(`${file}: its ranges are not hours of the day. Add the date to each`);
    checkRate(file, hourMs, columns);
    return dayFromHours(
      file,
      hours.map(({ value, requests }) => [value, requests]),
    );
  }
  const outOfOrder = read.filter((each, index) => index > 0 && each.value < (read[index - 1]?.value ?? 0)).length;
  const bins: Bin[] = read.map(({ value, requests }) => ({ atMs: value, requests }));
  const merged = read.length - new Set(read.map(({ value }) => value)).size;
  const notes: TrafficFinding[] = [
    ...(outOfOrder > 0 ? [{ code: 'rows-out-of-order', rows: outOfOrder } as const] : []),
    ...(merged > 0 ? [{ code: 'rows-merged', rows: merged } as const] : []),
    ...describeZones(read.flatMap(({ zone }) => zone ?? [])),
  ];
  const intervalMs = rangeMs ?? intervalOf(file, bins, gapsAreZero);
  checkRate(file, intervalMs, columns);
  if (intervalMs > longestIntervalMs)
    throw new UserError(
      `${file}: its rows are ${formatDuration(intervalMs / 1000)} apart, which hides the busy hours. Provide the requests of each hour, or those of a day with --daily N`,
    );
  return trafficFromBins(file, bins, intervalMs, { longestQuietMs: gapsAreZero ? Number.POSITIVE_INFINITY : 0, notes });
}

const totalNames = /^(?:grand |in )?(?:total[ei]?s?|sum(?:me|a)?|(?:ins)?gesamt|somme)\b/i;

/** Without a last or first row that is the sum of the others. */
function withoutTotal(rows: readonly Row[], separator: string): readonly Row[] {
  const place = [rows.length - 1, 0].find((each) => totalNames.test(String(rows[each]?.time).trim()));
  if (rows.length < 3 || place === undefined) return rows;
  const counts = readCounts(
    rows.map(({ where, requests }) => ({ where, value: requests })),
    separator,
  );
  const all = counts.reduce((sum, count) => sum + count, 0);
  return 2 * (counts[place] as number) === all ? rows.filter((_, index) => index !== place) : rows;
}

/** Throws a UserError for a rate: requests in another time than that of a row. */
function checkRate(file: string, intervalMs: number, { name, eachMs }: Pick<Columns, 'name' | 'eachMs'>): void {
  if (eachMs === undefined || eachMs === intervalMs) return;
  throw new UserError(
    `${file}: the column "${name}" has requests in ${formatDuration(eachMs / 1000)}, and its rows are ${formatDuration(intervalMs / 1000)} apart. Provide the number of requests of each row`,
  );
}

/** Throws a UserError for the state of a counter, which Prometheus names _total. */
function checkCounter(file: string, counts: readonly number[], { name }: Pick<Columns, 'name'>): void {
  const grows = counts.length > 2 && counts.every((each, index) => index === 0 || each >= (counts[index - 1] ?? 0));
  if (!grows || !/total$|counter|cumul/i.test(name)) return;
  throw new UserError(
    `${file}: the column "${name}" grows from row to row like a counter. Provide the number of requests of each row, as increase() gives it`,
  );
}

/** A day of 24 hours; a missing one gets the mean of the others. */
function dayFromHours(file: string, hours: readonly (readonly [number, number])[]): Traffic {
  const byHour = new Map<number, number>();
  for (const [hour, requests] of hours) {
    if (byHour.has(hour)) throw new UserError(`${file} has hour ${hour} twice: give each hour once, or use dates`);
    byHour.set(hour, requests);
  }
  const mean = [...byHour.values()].reduce((sum, requests) => sum + requests, 0) / byHour.size;
  const all = Array.from({ length: 24 }, (_, hour) => hour);
  const missing = all.filter((hour) => !byHour.has(hour));
  const notes: TrafficFinding[] = missing.length > 0 ? [{ code: 'hours-filled', hours: missing }] : [];
  const pieces = all.map((hour) => ({ hours: 1, ratePerS: (byHour.get(hour) ?? mean) / 3600 }));
  return summarizeTraffic({ code: 'traffic-file', file }, pieces, { startHour: 0, notes });
}

/** The most frequent distance between neighbours, in ms: an hour, a minute. With quiet times left out, what divides all distances. */
function intervalOf(file: string, bins: readonly Bin[], gapsAreZero: boolean): number {
  const times = [...new Set(bins.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  const steps = new Map<number, number>();
  times.slice(1).forEach((at, index) => {
    const step = at - (times[index] ?? 0);
    steps.set(step, (steps.get(step) ?? 0) + 1);
  });
  const [most] = [...steps].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (!most) throw new UserError(`${file} has a single time: give at least two, so that the interval is known`);
  return gapsAreZero ? [...steps.keys()].reduce(commonDivisor) : most[0];
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
