// Times as files have them: with a zone, or on the clock of one.
import { dayMs, zoneMinutes, zoneNames } from '../access-log/moment.ts';
import { UserError } from '../user-error.ts';
import { type DateOrder, datesIn, orderOfDates } from './date-order.ts';
import { numberMonth } from './named-month.ts';

/** Reads a time that `previousMs` stood before in the file; undefined when the text is not a time. */
export type ReadTime = (text: string, previousMs: number | undefined) => number | undefined;

const stamp = new RegExp(
  `^(\\d{4})[-/](\\d\\d?)[-/](\\d\\d?)(?:[T ]|, )(\\d\\d?):(\\d\\d)(?::(\\d\\d)(?:[.,]\\d+)?)?(?:\\s?(AM|PM))?\\s*(Z|${zoneNames}|[+-]\\d\\d(?::?\\d\\d)?)?$`,
  'i',
);
const dayFirst = /^(\d\d?)[./](\d\d?)[./](\d{4}|\d\d)(?:[T ]|, )(\d\d?:\d\d.*)$/;
/** Digits of seconds since 1970, and of its thousandths, millionths and billionths, in milliseconds. */
const epochs: Readonly<Record<number, number>> = { 10: 1000, 13: 1, 16: 1e-3, 19: 1e-6 };
const hourMs = 3_600_000;

/** Returns the reader of times of a file, which are those of `zone` where they name no other. Throws a UserError for an unknown zone. */
export function createTimeReader(
  zone: string | undefined,
  file: string,
  content: string,
): ReadTime & { readonly assumedUtc: () => boolean } {
  const zoneClock = zone === undefined || /^(utc|gmt|z)$/i.test(zone) ? undefined : createZoneClock(zone, file);
  let assumed = false;
  let order: DateOrder | undefined;
  const orderOf = (text: string): DateOrder => {
    order ??= orderOfDates(datesIn(content));
    if (order === undefined) throw new UserError(ambiguous(text, file));
    return order;
  };
  let [day, dayMs] = ['', Number.NaN];
  const read: ReadTime = (text, previousMs) => {
    // Half a million lines are mostly of this form: each day is read once.
    const clockS = isoClockS(text);
    if (clockS >= 0) {
      if (!text.startsWith(day) || day === '')
        [day, dayMs] = [text.slice(0, 10), readLocal(`${text.slice(0, 10)} 00:00`, orderOf)?.ms ?? Number.NaN];
      const ms = dayMs + clockS * 1000;
      return Number.isNaN(ms) ? undefined : ms;
    }
    // PowerShell: /Date(1773306000000)/.
    if (text.startsWith('/Date(')) return read(/\d{13}/.exec(text)?.[0] ?? '', previousMs);
    if (/^\d{10,19}(\.\d+)?$/.test(text)) {
      const unit = epochs[text.split('.')[0]?.length ?? 0];
      return unit && Math.round(Number(text) * unit);
    }
    const local = readLocal(text, orderOf);
    if (!local) return undefined;
    if (local.offsetMs !== undefined) return local.ms - local.offsetMs;
    if (zoneClock) return zoneClock(local.ms, previousMs, text);
    if (zone === undefined) assumed = true;
    return local.ms;
  };
  return Object.assign(read, { assumedUtc: () => assumed });
}

/** The seconds since midnight of `2026-01-31T09:00:00Z`; negative for any other form. By hand: a pattern takes three times as long. */
function isoClockS(text: string): number {
  if (text.length !== 20 || !text.endsWith('Z') || text[4] !== '-') return -1;
  if (text[13] !== ':' || text[16] !== ':' || (text[10] !== 'T' && text[10] !== ' ')) return -1;
  const hours = digits(text, 11, 23);
  const minutes = digits(text, 14, 59);
  const seconds = digits(text, 17, 59);
  return hours < 0 || minutes < 0 || seconds < 0 ? -1 : hours * 3600 + minutes * 60 + seconds;
}

/** The number of two digits at a place; -1 for other characters, or for more than `most`. */
function digits(text: string, at: number, most: number): number {
  const ten = text.charCodeAt(at) - 48;
  const one = text.charCodeAt(at + 1) - 48;
  const number = ten * 10 + one;
  return ten >= 0 && one >= 0 && one <= 9 && number <= most ? number : -1;
}

/** The time on its own clock, as if that were UTC, and the distance of that clock from UTC where it is said. */
function readLocal(
  text: string,
  orderOf: (text: string) => DateOrder,
): { readonly ms: number; readonly offsetMs?: number } | undefined {
  const parts = stamp.exec(text) ?? stamp.exec(yearFirst(text, orderOf)) ?? stamp.exec(numberMonth(text) ?? '');
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second = '0', half, zone] = parts;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  const midnightMs = dayMs(Number(year), Number(month), Number(day));
  if (Number.isNaN(midnightMs) || hours > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const ms = midnightMs + ((hours * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  if (zone === undefined) return { ms };
  const offsetMs = zoneMinutes(zone) * 60_000;
  return Number.isNaN(offsetMs) ? undefined : { ms, offsetMs };
}

function yearFirst(text: string, orderOf: (text: string) => DateOrder): string {
  const [, first, second, last = '', time] = dayFirst.exec(text) ?? [];
  if (first === undefined || second === undefined) return '';
  const year = last.length === 2 ? `20${last}` : last;
  // Dots stand between day and month, in this order.
  const isDayFirst = text[first.length] === '.' || (first !== second && orderOf(text) === 'day-first');
  return isDayFirst ? `${year}-${second}-${first} ${time}` : `${year}-${first}-${second} ${time}`;
}

function ambiguous(text: string, file: string): string {
  return `${file}: "${text}" can be two dates, with the month or the day first. Write times like 2026-01-31 09:00`;
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/**
 * From the clock of a zone to UTC. An hour that a clock change repeats is the one nearer to the time before it in the file, or onward in
 * the direction of the file, so both passes of it are read as they were written.
 */
function createZoneClock(
  zone: string,
  file: string,
): (localMs: number, previousMs: number | undefined, text: string) => number {
  const offsetAt = createOffsets(zone);
  let beforeMs: number | undefined;
  let isFalling = false;
  return (localMs, previousMs, text) => {
    if (previousMs !== undefined && beforeMs !== undefined && previousMs !== beforeMs)
      isFalling = previousMs < beforeMs;
    beforeMs = previousMs;
    const candidates = [...new Set([offsetAt(localMs - 24 * hourMs), offsetAt(localMs + 24 * hourMs)])]
      .map((offset) => localMs - offset)
      .filter((ms) => ms + offsetAt(ms) === localMs)
      .sort((a, b) => (isFalling ? a - b : b - a));
    const [onward, other] = candidates;
    if (onward === undefined)
      throw new UserError(`${file}: ${text} does not exist in ${zone}, where the clock was set forward. Check --zone`);
    if (other === undefined) return onward;
    if (previousMs === undefined) return Math.min(onward, other);
    const distance = (ms: number) => (ms === previousMs ? Number.POSITIVE_INFINITY : Math.abs(ms - previousMs));
    return distance(onward) <= distance(other) ? onward : other;
  };
}

/** The zone's distance from UTC, looked up once per quarter of an hour: clocks are set at such times. */
function createOffsets(zone: string): (ms: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch (cause) {
    throw new UserError(`--zone ${zone} is not a time zone. Give one like UTC or Europe/Berlin`, { cause });
  }
  const known = new Map<number, number>();
  const lookUp = (ms: number): number => {
    const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return offsetOf(name.replace('GMT', ''));
  };
  return (ms) => {
    const slot = Math.floor(ms / (hourMs / 4));
    const found = known.get(slot) ?? lookUp(ms);
    known.set(slot, found);
    return found;
  };
}
