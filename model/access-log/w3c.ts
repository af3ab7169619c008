// W3C extended log files (IIS, CloudFront): the columns are named in #Fields, times are UTC. https://www.w3.org/TR/WD-logfile.html

import { findMoment } from './find-moment.ts';
import type { LogLine } from './log-line.ts';

/** Columns of a part of a file, without its head: of CloudFront, and of IIS since version 7 and before. */
const usual = [
  [
    /^\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t[A-Z]{3}\d/,
    'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query',
  ],
  [
    /^[\d-]{10} [\d:]{8} \S+ [A-Z]+ \/\S* \S+ \d+ \S+ \S+ \S+ \S+ \d{3} \d+ \d+(?: \d+)?$/,
    'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status',
  ],
  [
    /^[\d-]{10} [\d:]{8} \S+ [A-Z]+ \/\S* \S+ \d+ \S+ \S+ \S+ \d{3} \d+ \d+(?: \d+)?$/,
    'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status',
  ],
] as const;
const halfDayMs = 12 * 3_600_000;

/** Returns a reader of such lines, which remembers the columns. `directive` for a line that begins with #, undefined for one that does not fit. */
export function createW3cReader() {
  let fields: readonly string[] | undefined;
  let [day, previousMs, dayLater] = ['', Number.NEGATIVE_INFINITY, 0];
  const place = (...names: readonly string[]) => fields?.findIndex((each) => names.includes(each)) ?? -1;
  const timeOf = (cells: readonly string[]): number | undefined => {
    const at = (name: string) => cells[place(name)] ?? '';
    const whole = at('timestamp') || at('x-timestamp') || `${at('date') || day} ${at('time')}`;
    const found = findMoment(whole);
    if (!found || found === 'impossible') return undefined;
    // A file with the time alone goes on after midnight.
    if (at('date') === '' && at('timestamp') === '')
      while (found.atMs + dayLater < previousMs - halfDayMs) dayLater += 2 * halfDayMs;
    return found.atMs + (at('date') === '' ? dayLater : 0);
  };
  return (text: string): LogLine | 'directive' | undefined => {
    if (text.startsWith('#')) {
      const [, name, value = ''] = /^#\s*(Fields|Date):\s*(.*)$/i.exec(text) ?? [];
      if (name?.toLowerCase() === 'fields') fields = value.trim().split(/\s+/);
      if (name?.toLowerCase() === 'date')
        [day, dayLater, previousMs] = [value.slice(0, 10), 0, Number.NEGATIVE_INFINITY];
      return 'directive';
    }
    if (!fields && /^\d{4}-/.test(text)) fields = usual.find(([line]) => line.test(text))?.[1].split(' ');
    if (!fields) return undefined;
    const cells = text.includes('\t') ? text.split('\t') : text.trim().split(/ +/);
    const code = Number(cells[place('sc-status')]);
    const atMs = timeOf(cells);
    // CloudFront writes 000 for a viewer that left.
    if (atMs === undefined || !(code === 0 || (code >= 100 && code <= 599))) return undefined;
    previousMs = atMs;
    const method = cells[place('cs-method')];
    const query = cells[place('cs-uri-query')] ?? '-';
    const path = `${cells[place('cs-uri-stem', 'cs-uri')] ?? ''}${query === '-' ? '' : `?${query}`}`;
    const request = method === undefined ? undefined : `${method} ${path}`.trimEnd();
    return { atMs, zone: 'Z', format: 'w3c', request, status: code };
  };
}
