// The lines of access logs -> requests a minute.
import { excerpt } from '../../model/access-log/excerpt.ts';
import type { LogLine } from '../../model/access-log/log-line.ts';
import type { Unread } from '../../model/access-log/parse-line.ts';
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

/** Counts the lines of one log after another as they come; memory grows with the minutes, not with the lines. */
export function countRequests() {
  const minutes = new Map<number, number>();
  const sources = new Map<string, Source>();
  const seen = { zones: new Set<string>(), formats: new Set<LogLine['format']>(), isYearAssumed: false };
  const unreadable: { number: number; text: string }[] = [];
  let [lines, unreadableLines, preamble, requests, outOfOrder, backMs] = [0, 0, 0, 0, 0, 0];
  let [latest, first, last] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const sourceOf = (name = ''): Source => {
    const key = sources.has(name) || sources.size < mostSources ? name : '';
    const source = sources.get(key) ?? { requests: 0, unreadable: 0 };
    sources.set(key, source);
    return source;
  };
  const count = ({ atMs, zone, format, source, requests: times = 1, isYearAssumed }: LogLine): void => {
    if (atMs < latest) {
      outOfOrder++;
      backMs = Math.max(backMs, latest - atMs);
    }
    latest = Math.max(latest, atMs);
    [first, last, requests] = [Math.min(first, atMs), Math.max(last, atMs), requests + times];
    seen.zones.add(zone);
    seen.formats.add(format);
    if (isYearAssumed) seen.isYearAssumed = true;
    sourceOf(source).requests += times;
    const minute = Math.floor(atMs / minuteMs) * minuteMs;
    minutes.set(minute, (minutes.get(minute) ?? 0) + times);
  };
  const skip = ({ unread, source }: Unread, text: string): void => {
    if (unread === 'other') return;
    unreadableLines++;
    if (unread === 'unknown' && requests === 0 && preamble < longestPreamble) preamble++;
    else sourceOf(source).unreadable++;
    if (unreadable.length < mostExamples) unreadable.push({ number: lines, text: excerpt(text) });
  };
  return {
    requests: () => requests,
    /** `text` is the line that was parsed. */
    add(parsed: LogLine | Unread, text: string): void {
      lines++;
      if ('unread' in parsed) skip(parsed, text);
      else count(parsed);
    },
    /** Throws a UserError for logs without a request. */
    finish(file: string): Traffic {
      const serving = [...sources].filter(([, source]) => source.requests > 0);
      // Lines of programs that serve nothing are not requests that could not be read.
      const missing = serving.reduce((sum, [, source]) => sum + source.unreadable, 0);
      const share = missing / Math.max(1, requests + missing);
      const range = { from: new Date(first).toISOString(), to: new Date(last).toISOString() };
      const notes: TrafficFinding[] = [{ code: 'log-read', formats: [...seen.formats].sort(), requests, ...range }];
      if (unreadableLines > 0)
        notes.push({
          code: 'log-lines-unreadable',
          lines: unreadableLines,
          totalLines: lines,
          examples: unreadable.map(({ number }) => number),
          first: unreadable[0]?.text ?? '',
        });
      if (outOfOrder > 0) notes.push({ code: 'log-lines-out-of-order', lines: outOfOrder, backS: backMs / 1000 });
      const programs = serving.map(([name]) => name.replace(/[-_.]\d+$| std(?:out|err)$|^std(?:out|err)$/, ''));
      if (new Set(programs).size > 1)
        notes.push({ code: 'log-sources', sources: serving.map(([name]) => name).sort() });
      if (seen.isYearAssumed) notes.push({ code: 'year-assumed' });
      notes.push(...describeZones([...seen.zones]));
      return trafficFromBins(
        file,
        [...minutes].map(([atMs, each]) => ({ atMs, requests: each })),
        minuteMs,
        {
          quietIsZero: true,
          notes,
          caveat: share > mostUnreadable ? { code: 'log-mostly-unreadable', percent: 100 * share } : undefined,
        },
      );
    },
  };
}

/** Notes on the zones of times: `none` was read as UTC. */
export function describeZones(found: readonly string[]): TrafficFinding[] {
  const all = [...new Set(found)];
  const zones = all.filter((zone) => zone !== 'none');
  const isUtc = zones.every((zone) => /^(?:Z|UTC|GMT|[+-]00:?(?:00)?)$/i.test(zone));
  return [
    ...(all.includes('none') ? [{ code: 'times-assumed-utc' } as const] : []),
    ...(isUtc ? [] : [{ code: 'zones-converted', zones } as const]),
  ];
}
