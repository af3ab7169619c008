// `sadf -j` and `sar -u`. A point is stamped with the end of its interval.
import type { JsonObject } from '../json-object.ts';
import { modelFinding } from '../messages.ts';
import { UserError } from '../user-error.ts';
import { type DateOrder, datesIn, orderOfDates } from './date-order.ts';
import type { ReadTime } from './point-time.ts';
import { type Draft, type Drafts, lineOfText, objectsOf, type TextOf } from './recorded-file.ts';

/** Agent's names for sysstat's: `-u` and `-u ALL` differ. `nice` is work too; it is inside neither name. */
const columns: Readonly<Record<string, string>> = {
  idle: 'system.cpu.idle',
  iowait: 'system.cpu.iowait',
  steal: 'system.cpu.stolen',
  user: 'system.cpu.user',
  usr: 'system.cpu.user',
  system: 'system.cpu.system',
  sys: 'system.cpu.system',
};

/** Collects one metric per column of a table. */
export function createTable(placeOf: (index: number) => string) {
  const times: number[] = [];
  const byMetric = new Map<string, number[]>();
  return {
    times,
    add: (at: number, cells: readonly (readonly [name: string, value: number])[]): void => {
      times.push(at);
      for (const [name, value] of cells) {
        const metric = columns[name];
        if (metric === undefined) continue;
        const values = byMetric.get(metric);
        if (values) values.push(value);
        else byMetric.set(metric, [value]);
      }
    },
    drafts: (): Draft[] =>
      [...byMetric]
        .filter(([, values]) => values.length === times.length)
        .map(([metric, values]) => ({ metric, statistic: 'avg', stamped: 'end', times, values, placeOf })),
  };
}

/** `{sysstat: {hosts: [{nodename, statistics: [{timestamp, "cpu-load": [{cpu: "all", idle}]}]}]}}`. */
export function readSadf(text: TextOf, document: JsonObject, file: string, readTime: ReadTime): Drafts {
  const hosts = objectsOf((document.sysstat as JsonObject).hosts ?? [], file, 'sysstat.hosts');
  const [host] = hosts;
  const names = [...new Set(hosts.map(({ nodename }) => nodename))];
  if (names.length > 1) throw new UserError(`${file} has several hosts (${names.slice(0, 3).join(', ')}). Give one`);
  if (!host || !Array.isArray(host.statistics)) throw new UserError(`${file} has no hosts[0].statistics`);
  const stamps: string[] = [];
  const table = createTable(lineOfText(text, (index) => stamps[index] ?? ''));
  for (const entry of hosts.flatMap(({ statistics }) => objectsOf(statistics, file, 'statistics'))) {
    // mpstat has the date once, beside the list.
    const stamp = typeof entry.timestamp === 'string' ? { date: host.date, time: entry.timestamp } : entry.timestamp;
    const { date, time, utc, tz } = (stamp ?? {}) as JsonObject;
    const loads: unknown = (entry['cpu-load'] ?? entry['cpu-load-all']) as unknown;
    const all = (loads === undefined ? [] : objectsOf(loads, file, 'cpu-load')).find(
      ({ cpu }) => cpu === 'all' || cpu === '-1',
    );
    if (!all) continue;
    const zone = utc === 1 || utc === true ? 'Z' : typeof tz === 'string' ? ` ${tz}` : '';
    const local = `${date} ${time}`;
    // A name of several zones says no more than none.
    const at = readTime(`${local}${zone}`, table.times.at(-1)) ?? readTime(local, table.times.at(-1));
    if (at === undefined) throw new UserError(`${file}: the timestamp ${date} ${time} is not a time`);
    stamps.push(`"${time}"`);
    table.add(
      at,
      Object.entries(all).map(([name, value]) => [name, Number(value)]),
    );
  }
  if (table.times.length === 0) throw new UserError(`${file} has no cpu-load of all CPUs. Use sadf -j FILE -- -u`);
  return {
    format: 'sadf-json',
    ...(typeof host.nodename === 'string' && { host: host.nodename }),
    drafts: table.drafts(),
  };
}

const head = /^Linux \S+ \(([^)]*)\)\s+(\S+)/;
const row = /^(\d\d?:\d\d:\d\d)(?: (AM|PM))?\s+(.*)$/;

/** The text of `sar -u`, of one day or of several behind each other, on a clock of 24 or 12 hours. */
export function readSar(text: string, file: string, readTime: ReadTime): Drafts {
  const lines: number[] = [];
  const table = createTable((index) => `line ${lines[index]}`);
  const order = orderOf(text);
  let host: string | undefined;
  let day: string | undefined;
  let names: readonly string[] = [];
  let clockBefore = '00:00:00';
  for (const [index, line] of inDigits(text).split(/\r?\n/).entries()) {
    const heading = head.exec(line);
    if (heading) {
      host ??= heading[1];
      day = dayOf(heading[2] ?? '', order, `${file} line ${index + 1}`);
      clockBefore = '00:00:00';
    }
    const [, time = '', half, rest = ''] = row.exec(line) ?? [];
    if (time === '' || rest.includes('LINUX RESTART')) continue;
    const cells = rest.trim().split(/\s+/);
    const clock = clockOf(time, half);
    // Midnight within a day's report; a clock that is set back falls by an hour.
    if (day !== undefined && secondsOf(clockBefore) - secondsOf(clock) > 12 * 3600) day = dayAfter(day);
    clockBefore = clock;
    if (cells[0] === 'CPU' || cells.some((cell) => cell.startsWith('%'))) {
      names = cells.map((cell) => cell.replace('%', '').toLowerCase());
      continue;
    }
    if (cells[0] !== 'all' || !names.includes('idle')) continue;
    if (day === undefined)
      throw new UserError(
        `${file} line ${index + 1}: no line like "Linux 6.1 (host) 01/31/2026" gives the date. Include it`,
      );
    const at = readTime(`${day} ${clock}`, table.times.at(-1));
    if (at === undefined) throw new UserError(`${file} line ${index + 1}: "${time}" is not a time`);
    lines.push(index + 1);
    table.add(
      at,
      names.map((name, place) => [name, numberOf(cells[place], `${file} line ${index + 1}`, place)] as const),
    );
  }
  if (table.times.length === 0) throw new UserError(`${file} has no rows of all CPUs with %idle. Use LC_ALL=C sar -u`);
  return {
    format: 'sar-text',
    ...(host !== undefined && { host }),
    drafts: table.drafts(),
    ...(order === undefined && { notes: [modelFinding('month-first', { file })] }),
  };
}

/** Locales of East Asia have words between the numbers. */
function inDigits(text: string): string {
  return /[年時时]/.test(text)
    ? text.replace(/(\d{4})年(\d\d)月(\d\d)日/g, '$1-$2-$3').replace(/(\d\d)[時时](\d\d)分(\d\d)秒/g, '$1:$2:$3')
    : text;
}

/** Of dates like 05/01/26 that can be either: the clock of 12 hours has the month first, decimal commas have the day. */
function orderOf(text: string): DateOrder | undefined {
  const dates = datesIn(text);
  if (dates.every(([first, second]) => first === second)) return 'month-first';
  const order = orderOfDates(dates);
  if (order) return order;
  if (/^\d\d:\d\d:\d\d [AP]M/m.test(text)) return 'month-first';
  return /^\d.*\s\d+,\d\d\s/m.test(text) ? 'day-first' : undefined;
}

function numberOf(cell: string | undefined, where: string, place: number): number {
  if (place === 0) return 0;
  // A locale may write 12,50.
  const value = Number(cell?.replace(',', '.'));
  if (cell === undefined || Number.isNaN(value)) throw new UserError(`${where}: "${cell ?? ''}" is not a number`);
  return value;
}

function clockOf(time: string, half: string | undefined): string {
  const [hour = '', minute, second] = time.split(':');
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return `${String(hours).padStart(2, '0')}:${minute}:${second}`;
}

function secondsOf(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/** The date of a heading: 2026-01-31, 31.01.2026, 31-01-26, 01/31/2026 or 01/31/26. */
function dayOf(text: string, order: DateOrder | undefined, where: string): string {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year !== undefined) return `${year}-${month}-${day}`;
  const [, first, second, last = ''] = /^(\d\d)[/.-](\d\d)[/.-](\d{4}|\d\d)$/.exec(text) ?? [];
  if (first === undefined || second === undefined)
    throw new UserError(`${where}: "${text}" is not a date. Run sar with LC_ALL=C`);
  const [monthOf, dayOfMonth] = order === 'day-first' || /[.-]/.test(text) ? [second, first] : [first, second];
  return `${last.length === 2 ? `20${last}` : last}-${monthOf}-${dayOfMonth}`;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
