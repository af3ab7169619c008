// The times that a line of a log holds, in any form in which programs write them.
import { anyZoneName, dayMs, type LogTime, moment, monthNumber } from './moment.ts';

type Form = { readonly pattern: RegExp; readonly read: (match: RegExpExecArray) => LogTime | undefined };

const clock = '(\\d{1,2}):(\\d\\d):(\\d\\d(?:[.,]\\d+)?)';
const half = '(?: ?([AaPp][Mm])\\b)?';
const zoneBehind = `(?: ?(Z|(?:${anyZoneName})\\b|[+-]\\d\\d:?\\d\\d))?(?![\\w:])`;
const forms: readonly Form[] = [
  {
    // nginx, Apache, HAProxy (no zone), Werkzeug (a blank before the clock).
    pattern: new RegExp(
      `(?<!\\d)(\\d{1,2})/([A-Za-z]{3})/(\\d{4})[: ]${clock}(?: ?(Z|(?:${anyZoneName})\\b|[+-]\\d\\d:?\\d\\d))?(?!\\d)`,
    ),
    read: ([, day, month = '', year, h, m, s, zone]) =>
      moment(dayMs(Number(year), monthNumber(month), Number(day)), [h, m, s], zone),
  },
  {
    pattern: new RegExp(
      `(?<!\\d)(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})(?:[Tt_ ]| - |, )(\\d{1,2}):(\\d\\d)(?::(\\d\\d(?:[.,]\\d+)?))?${half}(?: ?([Zz]|${anyZoneName}|[+-]\\d\\d(?::?\\d\\d)?)(?![\\w.]|:\\d))?(?!\\d)`,
    ),
    read: ([, year, , month, day, h, m, s, halfDay, zone]) =>
      moment(dayMs(Number(year), Number(month), Number(day)), [hourOf(h, halfDay), m, s], zone),
  },
  {
    // asctime: uWSGI, Apache's error log.
    pattern: new RegExp(
      `([A-Z][a-z]{2}) {1,2}(\\d{1,2}) ${clock} (?:(${anyZoneName}|[+-]\\d{4}) )?(\\d{4})(?: ((?:${anyZoneName})\\b|[+-]\\d{4}))?(?!\\d)`,
    ),
    read: ([, month = '', day, h, m, s, before, year, after]) =>
      moment(dayMs(Number(year), monthNumber(month), Number(day)), [h, m, s], before ?? after),
  },
  {
    // Tornado.
    pattern: new RegExp(`(?<=\\[[A-Z] )(\\d\\d)(\\d\\d)(\\d\\d) ${clock}(?= )`),
    read: ([, year, month, day, h, m, s]) => moment(dayMs(2000 + Number(year), Number(month), Number(day)), [h, m, s]),
  },
  {
    // RFC 1123 (morgan's web date), and with dashes.
    pattern: new RegExp(`(?<!\\d)(\\d{1,2})([ -])([A-Z][a-z]{2})[a-z]*\\2(\\d{4})[ :]${clock}${half}${zoneBehind}`),
    read: ([, day, , month = '', year, h, m, s, halfDay, zone]) =>
      moment(dayMs(Number(year), monthNumber(month), Number(day)), [hourOf(h, halfDay), m, s], zone),
  },
  {
    // Java's logging, and Kibana: Mar 12, 2026 @ 09:00:00.000.
    pattern: new RegExp(`([A-Z][a-z]{2})[a-z]* (\\d{1,2}), (\\d{4})(?:,| @| at)? ${clock}${half}${zoneBehind}`),
    read: ([, month = '', day, year, h, m, s, halfDay, zone]) =>
      moment(dayMs(Number(year), monthNumber(month), Number(day)), [hourOf(h, halfDay), m, s], zone),
  },
  {
    // Dots stand between day, month and year, in this order.
    pattern: new RegExp(`(?<![\\d.])(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4}|\\d\\d)(?:[ T:]|, | - )${clock}${zoneBehind}`),
    read: ([, day, month, year, h, m, s, zone]) =>
      moment(dayMs(fullYear(year), Number(month), Number(day)), [h, m, s], zone),
  },
  {
    pattern: new RegExp(
      `(?<![\\w.-])(20\\d\\d)(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])[T ]?(\\d\\d):?(\\d\\d):?(\\d\\d(?:[.,]\\d+)?)${zoneBehind}`,
    ),
    read: ([, year, month, day, h, m, s, zone]) =>
      moment(dayMs(Number(year), Number(month), Number(day)), [h, m, s], zone),
  },
  {
    pattern: /(?<![\w.:/-])(\d{10}\.\d{1,9}|\d{10}|\d{13}(?:\.\d+)?|\d{16}|\d{19})(?![\w:/-]|\.\d)/,
    read: ([, number = '']) => epochMoment(Number(number)),
  },
];

function fullYear(year = ''): number {
  return Number(year) + (year.length === 2 ? 2000 : 0);
}

/** Of a clock of twelve hours, where it says its half of the day. */
function hourOf(hour = '', halfDay?: string): string {
  return halfDay === undefined ? hour : String((Number(hour) % 12) + (/p/i.test(halfDay) ? 12 : 0));
}

/** Seconds, milliseconds, microseconds or nanoseconds since the epoch, by their size; undefined for what is none of the years 2001 to 2096. */
export function epochMoment(value: number): LogTime | undefined {
  const unit = [1, 1e3, 1e6, 1e9].find((each) => value >= 1e9 * each && value < 4e9 * each);
  return unit === undefined ? undefined : { atMs: Math.floor((value / unit) * 1000), zone: 'Z' };
}

/** Finds the time in a text; `impossible` for one that does not exist. */
export type FindTime = (text: string) => LogTime | 'impossible' | undefined;

/** The first time in a text, the most telling form first. `impossible` for a time that does not exist; undefined for a text without one. */
export function findMoment(text: string): LogTime | 'impossible' | undefined {
  for (const { pattern, read } of forms) {
    const match = pattern.exec(text);
    if (match) return read(match) ?? 'impossible';
  }
  return undefined;
}

/** Which number of a date comes first. */
export type DateOrder = 'day-first' | 'month-first' | 'year-first';
export type NumberedReader = (text: string) => ReturnType<FindTime> | 'two-dates';

const numbered = new RegExp(
  `(?<![\\d./-])(\\d{1,2})([/-])(\\d{1,2})\\2(\\d{4}|\\d\\d)(?:[ T:]|, | - )${clock}${half}${zoneBehind}`,
);

function dayOf(first: number, second: number, year: string, order?: DateOrder): number {
  const [day, month] = order === 'month-first' ? [second, first] : [first, second];
  return dayMs(fullYear(year), month, day);
}

/**
 * Returns a reader of dates like 12/03/2026, which can have the day or the month first: from the first one that can only be read in one way
 * on, all of the log are in that order. `two-dates` before it.
 */
export function createNumberedReader(given?: DateOrder): NumberedReader {
  let order = given;
  return (text) => {
    const [, first, , second, year = '', h, m, s, halfDay, zone] = numbered.exec(text) ?? [];
    if (first === undefined) return undefined;
    // 26/03/12 may begin with its year.
    if (year.length === 2 && given === undefined) return 'two-dates';
    const [a, b] = [Number(first), Number(second)];
    if (a > 12) order ??= 'day-first';
    else if (b > 12) order ??= 'month-first';
    if (order === undefined && a !== b) return 'two-dates';
    const midnight = order === 'year-first' ? dayMs(fullYear(first), b, Number(year)) : dayOf(a, b, year, order);
    return moment(midnight, [hourOf(h, halfDay), m, s], zone) ?? 'impossible';
  };
}
