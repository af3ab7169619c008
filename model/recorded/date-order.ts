// Dates like 05/01/2026, which can have the month or the day first.

export type DateOrder = 'month-first' | 'day-first';

/** The order of the dates of one file, by their first and second numbers; undefined when they can be either. */
export function orderOfDates(dates: readonly (readonly [first: number, second: number])[]): DateOrder | undefined {
  if (dates.some(([first]) => first > 12)) return 'day-first';
  if (dates.some(([, second]) => second > 12)) return 'month-first';
  // A record goes on from day to day: read the wrong way, its days are a month apart.
  const spanOf = (days: readonly number[]) => Math.max(...days) - Math.min(...days);
  const difference =
    spanOf(dates.map(([first, second]) => 31 * first + second)) -
    spanOf(dates.map(([first, second]) => 31 * second + first));
  return difference === 0 ? undefined : difference < 0 ? 'month-first' : 'day-first';
}

/** All such dates of a text. */
export function datesIn(text: string): (readonly [first: number, second: number])[] {
  const days = new Set(text.match(/(?<!\d)\d\d?\/\d\d?(?=\/(?:\d{4}|\d\d)(?!\d))/g));
  return [...days].map((day) => day.split('/').map(Number) as [number, number]);
}
