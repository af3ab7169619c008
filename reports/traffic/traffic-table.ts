// Hourly or minute tables of requests, as CSV or JSON -> traffic.
import { UserError } from '../../model/user-error.ts';
import { formatNumberOf } from '../format/format.ts';
import { summarizeTraffic, type Traffic } from './traffic.ts';
import { type Bin, trafficFromBins } from './traffic-bins.ts';

type Row = { readonly where: string; readonly time: unknown; readonly requests: unknown };
const expected =
  "a table has a time (like 2026-01-31T09:00, or the hour of the day) and a number of requests, an access log nginx's common or combined format";

/** `time,requests` lines, with or without a head; times in ISO-8601 or hours of the day (0 to 23, or 09:00). */
export function trafficFromCsv(source: string, text: string): Traffic {
  const lines = text.split(/\r?\n/).map((each, index) => ({ each, number: index + 1 }));
  const rows = lines
    .filter(({ each }) => each.trim() !== '' && !each.startsWith('#'))
    .map(({ each, number }): Row => {
      const [time, requests] = each.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
      return { where: `${source} line ${number}`, time, requests: requests === '' ? undefined : Number(requests) };
    });
  const [head] = rows;
  const hasHead = head !== undefined && Number.isNaN(head.requests) && readTime(head.time) === undefined;
  if (hasHead && rows.length === 1) throw new UserError(`${source} has a head and no row: ${expected}`);
  return trafficFromRows(source, hasHead ? rows.slice(1) : rows);
}

/** `[{"at": ISO, "requests": n}, ...]`, `[{"hour": 9, "requests": n}, ...]`, or 24 numbers. */
export function trafficFromJson(source: string, value: unknown): Traffic {
  if (!Array.isArray(value)) throw new UserError(`${source} is not a list: ${expected}`);
  const hours = value.length === 24 && value.every((each) => typeof each === 'number');
  return trafficFromRows(
    source,
    value.map((each: unknown, index): Row => {
      const where = `${source} entry ${index}`;
      if (hours) return { where, time: index, requests: each };
      if (typeof each !== 'object' || each === null) throw new UserError(`${where} is not an object: ${expected}`);
      const { at, time, hour, requests } = each as Record<string, unknown>;
      return { where, time: at ?? time ?? hour, requests };
    }),
  );
}

function trafficFromRows(source: string, rows: readonly Row[]): Traffic {
  if (rows.length === 0) throw new UserError(`${source} is empty: ${expected}`);
  const read = rows.map(({ where, time, requests }) => {
    const at = readTime(time);
    if (at === undefined) throw new UserError(`${where}: "${String(time)}" is no time: ${expected}`);
    if (typeof requests !== 'number' || !Number.isFinite(requests)) {
      throw new UserError(
        `${where}: the number of requests is missing or not a plain number like 1234 (without separators): ${expected}`,
      );
    }
    if (requests < 0) throw new UserError(`${where}: ${requests} requests: a number of requests is not negative`);
    return { ...at, requests, where };
  });
  const hours = read.filter((each) => each.kind === 'hour');
  if (hours.length > 0 && hours.length < read.length) {
    throw new UserError(`${source} mixes hours of the day with dates: use one of them`);
  }
  if (hours.length > 0)
    return dayFromHours(
      source,
      hours.map(({ value, requests }) => [value, requests]),
    );
  const outOfOrder = read.filter((each, index) => index > 0 && each.value < (read[index - 1]?.value ?? 0)).length;
  const bins: Bin[] = read.map(({ value, requests }) => ({ atMs: value, requests }));
  const notes = outOfOrder > 0 ? [`${formatNumberOf(outOfOrder, 'row')} out of order: sorted`] : [];
  const twice = read.length - new Set(read.map(({ value }) => value)).size;
  if (twice > 0)
    notes.push(`${formatNumberOf(twice, 'row')} of a time that another row has too: the requests were added up`);
  notes.push(...describeZones(read.flatMap(({ zone }) => zone ?? [])));
  return trafficFromBins(source, bins, intervalOf(source, bins), { quietIsZero: false, notes });
}

function describeZones(found: readonly string[]): string[] {
  const zones = [...new Set(found)];
  const told = zones.filter((zone) => zone !== 'none');
  const without = zones.includes('none') ? ['times without a zone: taken as UTC'] : [];
  if (told.length === 0 || (told.length === 1 && /^(Z|[+-]00:?00)$/.test(told[0] ?? ''))) return without;
  return [...without, `times in the zone${told.length > 1 ? 's' : ''} ${told.join(', ')}: turned into UTC`];
}

/** The day as its hours; an hour that is not there is filled with the mean of the others, and named. */
function dayFromHours(source: string, hours: readonly (readonly [number, number])[]): Traffic {
  const byHour = new Map<number, number>();
  for (const [hour, requests] of hours) {
    if (byHour.has(hour)) throw new UserError(`${source} has the hour ${hour} twice: give each hour once, or dates`);
    byHour.set(hour, requests);
  }
  const mean = [...byHour.values()].reduce((sum, requests) => sum + requests, 0) / byHour.size;
  const all = Array.from({ length: 24 }, (_, hour) => hour);
  const missing = all.filter((hour) => !byHour.has(hour));
  const notes =
    missing.length > 0
      ? [`${formatNumberOf(missing.length, 'hour')} missing (${missing.join(', ')}), taken as the mean of the others`]
      : [];
  const pieces = all.map((hour) => ({ hours: 1, ratePerS: (byHour.get(hour) ?? mean) / 3600 }));
  return summarizeTraffic(source, pieces, 0, notes);
}

/** The distance that most neighbours have: an hour, a minute. */
function intervalOf(source: string, bins: readonly Bin[]): number {
  const times = [...new Set(bins.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  const steps = new Map<number, number>();
  times.slice(1).forEach((at, index) => {
    const step = at - (times[index] ?? 0);
    steps.set(step, (steps.get(step) ?? 0) + 1);
  });
  const [most] = [...steps].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (!most) throw new UserError(`${source} has one time alone: give at least two, so that the interval is known`);
  return most[0];
}

function readTime(
  value: unknown,
): { readonly kind: 'hour' | 'date'; readonly value: number; readonly zone?: string } | undefined {
  const hour = /^(\d{1,2})(?::00)?$/.exec(String(value))?.[1];
  if (hour !== undefined) return Number(hour) < 24 ? { kind: 'hour', value: Number(hour) } : undefined;
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(value)) return undefined;
  // Whatever the zone of this machine.
  const [found = '', sign, hours, minutes = '00'] =
    /\s?(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)$/.exec(value.slice(16)) ?? [];
  const zone = found === '' ? 'none' : sign === undefined ? 'Z' : `${sign}${hours}:${minutes}`;
  const local = value.slice(0, value.length - found.length).replace(' ', 'T');
  const atMs = Date.parse(`${local}${zone === 'none' ? 'Z' : zone}`);
  return Number.isNaN(atMs) ? undefined : { kind: 'date', value: atMs, zone };
}
