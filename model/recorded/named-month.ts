// Times that have the English name of their month, as browsers, mail, `date` and Kibana write them.

const names = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = `(${names.join('|')})[a-z]*\\.?`;
const weekday = '(?:(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*\\.?,?\\s+)?';

/** `Mon Jan 05 2026 00:05:00 GMT+0100 (CET)`, `Jan 5, 2026, 12:05 AM`, `Jan 5, 2026 @ 00:05:00.000`. */
const monthFirst = new RegExp(`^${weekday}${month}\\s+(\\d\\d?),?\\s+(\\d{4})(?:,|\\s+@|\\s+at)?\\s+(\\d.*)$`, 'i');
/** `Mon, 05 Jan 2026 00:05:00 GMT`, `5-Jan-2026 00:05`, `05/Jan/2026:00:05:00 +0000`. */
const dayFirst = new RegExp(`^${weekday}(\\d\\d?)[\\s/-]${month}[\\s/-](\\d{4})[\\s:,]+(\\d.*)$`, 'i');
/** `Mon Jan  5 00:05:00 UTC 2026`. */
const yearLast = new RegExp(
  `^${weekday}${month}\\s+(\\d\\d?)\\s+(\\d\\d?:\\d\\d\\S*(?:\\s+\\S+){0,2})\\s+(\\d{4})$`,
  'i',
);

/** The same time as `2026-1-5 00:05:00 +0100`; undefined for a text without such a name. */
export function numberMonth(text: string): string | undefined {
  const [, name = '', day, year, clock] =
    monthFirst.exec(text) ?? swapped(dayFirst.exec(text), 2, 1, 3, 4) ?? swapped(yearLast.exec(text), 1, 2, 4, 3) ?? [];
  if (day === undefined || year === undefined || clock === undefined) return undefined;
  const rest = clock.replace(/\s*\(.*\)$/, '').replace(/GMT(?=[+-])/i, '');
  return `${year}-${names.indexOf(name.toLowerCase()) + 1}-${day} ${rest}`;
}

/** Name, day, year and clock of a match, in this order. */
function swapped(match: RegExpExecArray | null, ...places: readonly number[]): readonly (string | undefined)[] | null {
  return match && ['', ...places.map((place) => match[place])];
}
