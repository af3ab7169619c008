// Months and days without a year, as syslog has them -> years: times of a log follow each other, and are past.
import { clockMs, dayMs, type LogTime, monthNumber } from './moment.ts';

const dayLengthMs = 86_400_000;
/** They hold a leap year, also around 2100. */
const mostYears = 9;
const isLeap = (year: number): boolean => !Number.isNaN(dayMs(year, 2, 29));

/** Returns a reader of times without a year: the latest that fits, and for each after the first the one nearest to the time before it. */
export function createYearless(nowMs: number) {
  const latestMs = nowMs + dayLengthMs;
  let before = { year: new Date(latestMs).getUTCFullYear(), atMs: latestMs };
  let leapYear: number | undefined;
  let [isFirst, yearsLate] = [true, 0];
  /** Of 29 February, as if each year had it. */
  const guessYear = (month: number, day: number): number => {
    const distance = (year: number) => Math.abs(Date.UTC(year, month - 1, day) - before.atMs);
    const around = isFirst ? [] : [before.year - 1, before.year + 1];
    return around.reduce((nearest, year) => (distance(year) < distance(nearest) ? year : nearest), before.year);
  };
  return {
    /** Undefined for a day or a clock that does not exist. */
    read(monthName: string, dayText: string, clock: string): LogTime | undefined {
      const [month, day] = [monthNumber(monthName), Number(dayText)];
      const inDayMs = clockMs(clock.split(':'));
      if (Number.isNaN(dayMs(2000, month, day)) || Number.isNaN(inDayMs)) return undefined;
      const guess = guessYear(month, day);
      for (let years = 0; years < mostYears; years++) {
        const atMs = dayMs(guess - years, month, day) + inDayMs;
        if (!(atMs <= latestMs) || (leapYear !== undefined && !isLeap(leapYear - years))) continue;
        if (leapYear !== undefined) leapYear -= years;
        else if (month === 2 && day === 29) leapYear = guess - years;
        if (!isFirst) yearsLate += years;
        [isFirst, before] = [false, { year: guess - years, atMs }];
        return { atMs, zone: 'none' };
      }
      return undefined;
    },
    /** By how many years the times before the last one were too late, of those since the last call. */
    takeYearsLate(): number {
      const taken = yearsLate;
      yearsLate = 0;
      return taken;
    },
  };
}

export type Yearless = ReturnType<typeof createYearless>;

/** The same day and clock so many years before; of 29 February in a year without it, the next day. */
export function yearsBefore(atMs: number, years: number): number {
  const date = new Date(atMs);
  return date.setUTCFullYear(date.getUTCFullYear() - years);
}
