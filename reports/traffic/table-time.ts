// The times of a table: hours of the day or dates, each the begin of an interval, and ranges.
import { excerpt } from '../../model/access-log/excerpt.ts';
import { zoneNames } from '../../model/access-log/moment.ts';
import { createTimeReader } from '../../model/recorded/point-time.ts';
import { UserError } from '../../model/user-error.ts';

type TimeCell = { readonly where: string; readonly value: unknown };
/** `value`: hour of the day, or milliseconds since the epoch. */
type TableTime = { readonly kind: 'hour' | 'date'; readonly value: number; readonly zone?: string };
type TableTimes = {
  readonly times: readonly TableTime[];
  /** Length of the ranges, ms; absent without ranges. */
  readonly rangeMs?: number;
};

const clock = '\\d{1,2}:\\d\\d';
/** An end after a dash, which may be a zone west of UTC when it stands behind a date. */
const attached = new RegExp(`^(.*\\D)?(${clock})-(${clock})$`);
const ranges = [
  new RegExp(
    `^(.*${clock}(?::\\d\\d)?(?:Z|[+-]\\d\\d:?\\d\\d)?)\\s*(?:[\u2013\u2014]|\\.\\.|\\s(?:to|bis|until|-)\\s|/(?=\\d{4}-))\\s*(\\d.*)$`,
  ),
  new RegExp(`^(.*${clock}:\\d\\d)-(.*${clock}:\\d\\d)$`),
  /^(\d[\d./-]* \d{1,2})h?\s*[-\u2013]\s*(\d{1,2})h?$/,
  /^(\d{1,2})h?\s*(?:-|\u2013|\bto\b)\s*(\d{1,2})h?$/,
];
const zoneBehind = new RegExp(`(?::\\d\\d(?:[.,]\\d+)?|[AP]M)\\s?(Z|${zoneNames}|[+-]\\d\\d(?::?\\d\\d)?)$`, 'i');
const dayMinutes = 24 * 60;
const minuteMs = 60_000;

/** Throws a UserError that names the place of what is not a time. */
export function readTimes(file: string, cells: readonly TimeCell[], expected: string): TableTimes {
  const texts = cells.map(({ value }) => {
    const text = typeof value === 'object' ? JSON.stringify(value ?? '') : String(value ?? '');
    return text.trim().replace(/ ?(?:Uhr|o'clock)$/i, '');
  });
  const readDate = createTimeReader(undefined, file, texts.join('\n'));
  const found = texts.map((text) => splitRange(text));
  const isRanges = found.every((each) => each !== undefined) && areRanges(texts, found);
  const times = texts.map((text, index) => {
    const time = readTime((isRanges ? found[index]?.[0] : undefined) ?? text, readDate);
    if (time) return time;
    const looksLikeTime = /^\d{1,4}[-/.]\d|^\d{1,2}:\d\d/.test(text);
    if (/^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(text))
      throw new UserError(`${cells[index]?.where}: ${excerpt(text)} has no date: write it like 2026-01-31T09:30`);
    throw new UserError(
      `${cells[index]?.where}: ${excerpt(text)} is not a time${looksLikeTime ? ' that exists' : ''}: ${expected}`,
    );
  });
  if (!isRanges) return { times };
  return { times, rangeMs: minutesOf(found[0] ?? ['', '']) * minuteMs };
}

type Range = readonly [start: string, end: string];

function splitRange(text: string): Range | undefined {
  const [, before = '', start = '', end] = attached.exec(text) ?? [];
  if (end !== undefined) return [`${before}${start}`, end];
  for (const pattern of ranges) {
    const [, from, to] = pattern.exec(text) ?? [];
    if (from !== undefined && to !== undefined) return [from.trim(), to.trim()];
  }
  return undefined;
}

/** Behind a date the same end in all rows is a zone; ends that go along with the starts are ends. */
function areRanges(texts: readonly string[], found: readonly (Range | undefined)[]): boolean {
  const open = texts.filter((text) => /\d{4}.*\d:\d\d-\d/.test(text) && attached.test(text));
  if (open.length === 0) return true;
  const lengths = new Set(found.map((each) => each && minutesOf(each)));
  return new Set(found.map((each) => each?.[1])).size > 1 && lengths.size === 1;
}

/** Minutes from the start to the end of a range; one to 9:59 ends at 10:00. */
function minutesOf([start, end]: Range): number {
  const [from, to] = [start, end].map((text) => {
    const [, hour, minute = '0'] =
      /(\d{1,2}):(\d\d)(?::\d\d)?(?:\s*(?:Z|[+-]\d\d:?\d\d))?$/.exec(text) ?? /(\d{1,2})$/.exec(text) ?? [];
    return Number(hour) * 60 + Number(minute);
  });
  const length = ((to ?? 0) - (from ?? 0) + dayMinutes) % dayMinutes || dayMinutes;
  return length % 5 === 4 ? length + 1 : length;
}

/** `2026031209` is an hour, and so on to seconds: as seconds since 1970 it is after 2033. `2026-03-12 9` is an hour, `2026-03-12` a day. */
function spellOut(text: string): string {
  const [, year, month, day, hour, minute = '00', second = '00', zone = ''] =
    /^(20\d\d)-?(0[1-9]|1[0-2])-?([0-3]\d)[T ]?([01]\d|2[0-3])([0-5]\d)?([0-5]\d)?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ??
    [];
  if (year !== undefined) return `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`;
  if (/^\d\d\/[A-Za-z]{3}\/\d{4}:\d\d$/.test(text)) return `${text}:00`;
  const [, date, hourAlone = '0'] =
    /^(\d{4}[-/]\d\d?[-/]\d\d?|\d\d?[./]\d\d?[./]\d{4})(?: (\d\d?)(?:h|:)?)?$/.exec(text) ?? [];
  return date === undefined ? text : `${date} ${hourAlone.padStart(2, '0')}:00`;
}

function readTime(given: string, readDate: ReturnType<typeof createTimeReader>): TableTime | undefined {
  const text = spellOut(given);
  const [, hour, half] = /^(\d{1,2})(?::00(?::00)?|h(?:00)?)?(?: ?([AP]M))?$/i.exec(text) ?? [];
  if (hour !== undefined) {
    const value = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
    return value < 24 && (half === undefined || Number(hour) <= 12) ? { kind: 'hour', value } : undefined;
  }
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    const epochMs = readDate(text, undefined);
    return epochMs === undefined ? undefined : { kind: 'date', value: epochMs, zone: 'Z' };
  }
  const [, zone = 'none'] = zoneBehind.exec(text) ?? [];
  const value = readDate(text, undefined);
  return value === undefined ? undefined : { kind: 'date', value, zone };
}
