// A table of requests by hour or minute, as CSV or JSON -> traffic.
import { UserError } from '../../model/user-error.ts';
import type { TrafficFinding } from '../schema/traffic-findings.ts';
import { summarizeTraffic, type Traffic } from './traffic.ts';
import { type Bin, trafficFromBins } from './traffic-bins.ts';

type Row = { readonly where: string; readonly time: unknown; readonly requests: unknown };
const expected =
  "a table needs a time (like 2026-01-31T09:00, or the hour of the day) and a number of requests; an access log must be in nginx's common or combined format";

/** Reads `time,requests` lines, with or without a header; times in ISO-8601 or hours of the day (0 to 23, or 09:00). Throws a UserError. */
export function trafficFromCsv(file: string, text: string): Traffic {
  const lines = text.split(/\r?\n/).map((each, index) => ({ each, number: index + 1 }));
  const rows = lines
    .filter(({ each }) => each.trim() !== '' && !each.startsWith('#'))
    .map(({ each, number }): Row => {
      const [time, requests] = each.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
      return { where: `${file} line ${number}`, time, requests: requests === '' ? undefined : Number(requests) };
    });
  const [header] = rows;
  const hasHeader = header !== undefined && Number.isNaN(header.requests) && readTime(header.time) === undefined;
  if (hasHeader && rows.length === 1) throw new UserError(`${file} has a header but no rows: ${expected}`);
  return trafficFromRows(file, hasHeader ? rows.slice(1) : rows);
}

/** Reads `[{"at": ISO, "requests": n}, ...]`, `[{"hour": 9, "requests": n}, ...]`, or 24 numbers. Throws a UserError. */
export function trafficFromJson(file: string, value: unknown): Traffic {
  if (!Array.isArray(value)) throw new UserError(`${file} is not a list: ${expected}`);
  const hours = value.length === 24 && value.every((each) => typeof each === 'number');
  return trafficFromRows(
    file,
    value.map((each: unknown, index): Row => {
      const where = `${file} entry ${index}`;
      if (hours) return { where, time: index, requests: each };
      if (typeof each !== 'object' || each === null) throw new UserError(`${where} is not an object: ${expected}`);
      const { at, time, hour, requests } = each as Record<string, unknown>;
      return { where, time: at ?? time ?? hour, requests };
    }),
  );
}

function trafficFromRows(file: string, rows: readonly Row[]): Traffic {
  if (rows.length === 0) throw new UserError(`${file} is empty: ${expected}`);
  const read = rows.map(({ where, time, requests }) => {
    const at = readTime(time);
    if (at === undefined) throw new UserError(`${where}: "${String(time)}" is not a time: ${expected}`);
    if (typeof requests !== 'number' || !Number.isFinite(requests)) {
      throw new UserError(
        `${where}: the number of requests is missing or is not a plain number like 1234 (no separators): ${expected}`,
      );
    }
    if (requests < 0) throw new UserError(`${where}: the number of requests is negative (${requests})`);
    return { ...at, requests, where };
  });
  const hours = read.filter((each) => each.kind === 'hour');
  if (hours.length > 0 && hours.length < read.length) {
    throw new UserError(`${file} mixes hours of the day with dates: use one kind`);
  }
  if (hours.length > 0)
    return dayFromHours(
      file,
      hours.map(({ value, requests }) => [value, requests]),
    );
  const outOfOrder = read.filter((each, index) => index > 0 && each.value < (read[index - 1]?.value ?? 0)).length;
  const bins: Bin[] = read.map(({ value, requests }) => ({ atMs: value, requests }));
  const merged = read.length - new Set(read.map(({ value }) => value)).size;
  const notes: TrafficFinding[] = [
    ...(outOfOrder > 0 ? [{ code: 'rows-out-of-order', rows: outOfOrder } as const] : []),
    ...(merged > 0 ? [{ code: 'rows-merged', rows: merged } as const] : []),
    ...describeZones(read.flatMap(({ zone }) => zone ?? [])),
  ];
  return trafficFromBins(file, bins, intervalOf(file, bins), { quietIsZero: false, notes });
}

function describeZones(found: readonly string[]): TrafficFinding[] {
  const all = [...new Set(found)];
  const zones = all.filter((zone) => zone !== 'none');
  const isUtc = zones.length === 0 || (zones.length === 1 && /^(Z|[+-]00:?00)$/.test(zones[0] ?? ''));
  return [
    ...(all.includes('none') ? [{ code: 'times-assumed-utc' } as const] : []),
    ...(isUtc ? [] : [{ code: 'zones-converted', zones } as const]),
  ];
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

/** The most frequent distance between neighbours, in ms: an hour, a minute. */
function intervalOf(file: string, bins: readonly Bin[]): number {
  const times = [...new Set(bins.map(({ atMs }) => atMs))].sort((a, b) => a - b);
  const steps = new Map<number, number>();
  times.slice(1).forEach((at, index) => {
    const step = at - (times[index] ?? 0);
    steps.set(step, (steps.get(step) ?? 0) + 1);
  });
  const [most] = [...steps].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (!most) throw new UserError(`${file} has a single time: give at least two, so that the interval is known`);
  return most[0];
}

function readTime(
  value: unknown,
): { readonly kind: 'hour' | 'date'; readonly value: number; readonly zone?: string } | undefined {
  const hour = /^(\d{1,2})(?::00)?$/.exec(String(value))?.[1];
  if (hour !== undefined) return Number(hour) < 24 ? { kind: 'hour', value: Number(hour) } : undefined;
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(value)) return undefined;
  // A time without a zone must not depend on the zone of this machine.
  const [found = '', sign, hours, minutes = '00'] =
    /\s?(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)$/.exec(value.slice(16)) ?? [];
  const zone = found === '' ? 'none' : sign === undefined ? 'Z' : `${sign}${hours}:${minutes}`;
  const local = value.slice(0, value.length - found.length).replace(' ', 'T');
  const atMs = Date.parse(`${local}${zone === 'none' ? 'Z' : zone}`);
  return Number.isNaN(atMs) ? undefined : { kind: 'date', value: atMs, zone };
}
