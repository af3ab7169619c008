// The lines of access logs -> requests a minute.
import { excerpt } from '../../model/access-log/excerpt.ts';
import type { LogLine } from '../../model/access-log/log-line.ts';
import { isUnclearZone } from '../../model/access-log/moment.ts';
import type { Unread } from '../../model/access-log/parse-line.ts';
import { yearsBefore } from '../../model/access-log/yearless.ts';
import type { TrafficFinding } from '../schema/traffic-findings.ts';
import type { Traffic } from './traffic.ts';
import { trafficFromBins } from './traffic-bins.ts';

const minuteMs = 60_000;
/** Line numbers that a note lists. */
const mostExamples = 3;
/** With more lines of another kind the log does not represent the traffic. */
const mostUnreadable = 0.05;
/** Lines before the first request that may be about anything. */
const longestPreamble = 1000;
/** Names of sources that are kept apart. */
const mostSources = 1000;

type Source = { requests: number; unreadable: number };

/** What the lines so far come to. */
type Counted = {
  readonly minutes: Map<number, number>;
  /** Of lines without a year, which a later line can set back. */
  readonly yearless: Map<number, number>;
  readonly sources: Map<string, Source>;
  readonly zones: Set<string>;
  readonly formats: Set<LogLine['format']>;
  readonly unreadable: { readonly number: number; readonly text: string }[];
  isYearAssumed: boolean;
  lines: number;
  unreadableLines: number;
  preamble: number;
  requests: number;
  perhapsSent: number;
  outOfOrder: number;
  backMs: number;
  latestMs: number;
  firstMs: number;
  lastMs: number;
};

/** Counts the lines of one log after another as they come; memory grows with the minutes, not with the lines. */
export function countRequests() {
  const counted: Counted = {
    minutes: new Map(),
    yearless: new Map(),
    sources: new Map(),
    zones: new Set(),
    formats: new Set(),
    unreadable: [],
    isYearAssumed: false,
    lines: 0,
    unreadableLines: 0,
    preamble: 0,
    requests: 0,
    perhapsSent: 0,
    outOfOrder: 0,
    backMs: 0,
    latestMs: Number.NEGATIVE_INFINITY,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
  };
  return {
    requests: () => counted.requests,
    /** `text` is the line that was parsed. */
    add(parsed: LogLine | Unread, text: string): void {
      counted.lines++;
      if ('unread' in parsed) skip(counted, parsed, text);
      else count(counted, parsed);
    },
    /** Throws a UserError for logs without a request. */
    finish: (file: string): Traffic => finish(counted, file),
  };
}

function sourceOf({ sources }: Counted, name = ''): Source {
  const key = sources.has(name) || sources.size < mostSources ? name : '';
  const source = sources.get(key) ?? { requests: 0, unreadable: 0 };
  sources.set(key, source);
  return source;
}

function count(
  counted: Counted,
  { atMs, zone, format, source, requests = 1, isYearAssumed, isPerhapsSent, yearsLate }: LogLine,
): void {
  if (yearsLate) setBack(counted, yearsLate);
  if (atMs < counted.latestMs) {
    counted.outOfOrder++;
    counted.backMs = Math.max(counted.backMs, counted.latestMs - atMs);
  }
  counted.latestMs = Math.max(counted.latestMs, atMs);
  counted.firstMs = Math.min(counted.firstMs, atMs);
  counted.lastMs = Math.max(counted.lastMs, atMs);
  counted.requests += requests;
  if (isPerhapsSent) counted.perhapsSent += requests;
  counted.zones.add(zone);
  counted.formats.add(format);
  if (isYearAssumed) counted.isYearAssumed = true;
  sourceOf(counted, source).requests += requests;
  const minute = Math.floor(atMs / minuteMs) * minuteMs;
  const minutes = isYearAssumed ? counted.yearless : counted.minutes;
  minutes.set(minute, (minutes.get(minute) ?? 0) + requests);
}

/** Sets the lines without a year back by so many years. */
function setBack(counted: Counted, years: number): void {
  const minutes = [...counted.yearless];
  if (minutes.length === 0) return;
  counted.yearless.clear();
  for (const [atMs, requests] of minutes) counted.yearless.set(yearsBefore(atMs, years), requests);
  // In a log where others have their year the first and the last may be those.
  if (counted.minutes.size > 0) return;
  for (const each of ['firstMs', 'lastMs', 'latestMs'] as const) counted[each] = yearsBefore(counted[each], years);
}

function skip(counted: Counted, { unread, source }: Unread, text: string): void {
  if (unread === 'other') return;
  counted.unreadableLines++;
  if (unread === 'unknown' && counted.requests === 0 && counted.preamble < longestPreamble) counted.preamble++;
  else sourceOf(counted, source).unreadable++;
  if (counted.unreadable.length < mostExamples) counted.unreadable.push({ number: counted.lines, text: excerpt(text) });
}

function finish(counted: Counted, file: string): Traffic {
  const { sources, requests, unreadable } = counted;
  const serving = [...sources].filter(([, source]) => source.requests > 0);
  // Lines of programs that serve nothing are not requests that could not be read.
  const missing = serving.reduce((sum, [, source]) => sum + source.unreadable, 0);
  const share = missing / Math.max(1, requests + missing);
  const range = { from: new Date(counted.firstMs).toISOString(), to: new Date(counted.lastMs).toISOString() };
  const notes: TrafficFinding[] = [{ code: 'log-read', formats: [...counted.formats].sort(), requests, ...range }];
  if (counted.unreadableLines > 0)
    notes.push({
      code: 'log-lines-unreadable',
      lines: counted.unreadableLines,
      totalLines: counted.lines,
      examples: unreadable.map(({ number }) => number),
      first: unreadable[0]?.text ?? '',
    });
  if (counted.outOfOrder > 0)
    notes.push({ code: 'log-lines-out-of-order', lines: counted.outOfOrder, backS: counted.backMs / 1000 });
  // In a log with nothing else they are what was served, with the name of the host.
  if (counted.perhapsSent > 0 && counted.perhapsSent < requests)
    notes.push({ code: 'log-requests-perhaps-sent', requests: counted.perhapsSent });
  const programs = serving.map(([name]) => name.replace(/[-_.]\d+$| std(?:out|err)$|^std(?:out|err)$/, ''));
  if (new Set(programs).size > 1) notes.push({ code: 'log-sources', sources: serving.map(([name]) => name).sort() });
  if (counted.isYearAssumed) notes.push({ code: 'year-assumed' });
  notes.push(...describeZones([...counted.zones]));
  return trafficFromBins(
    file,
    [...counted.minutes, ...counted.yearless].map(([atMs, each]) => ({ atMs, requests: each })),
    minuteMs,
    {
      longestQuietMs: 60 * minuteMs,
      notes,
      caveat: share > mostUnreadable ? { code: 'log-mostly-unreadable', percent: 100 * share } : undefined,
    },
  );
}

/** Notes on the zones of times: `none` was read as UTC. */
export function describeZones(found: readonly string[]): TrafficFinding[] {
  const all = [...new Set(found)];
  const unclear = all.filter(isUnclearZone);
  const zones = all.filter((zone) => zone !== 'none' && !isUnclearZone(zone));
  const isUtc = zones.every((zone) => /^(?:Z|UTC|GMT|[+-]00:?(?:00)?)$/i.test(zone));
  return [
    ...(all.includes('none') ? [{ code: 'times-assumed-utc' } as const] : []),
    ...(unclear.length > 0 ? [{ code: 'zones-unclear', zones: unclear } as const] : []),
    ...(isUtc ? [] : [{ code: 'zones-converted', zones } as const]),
  ];
}
