// An access log -> requests a minute.
import { type LogLine, parseLogLine } from '../../model/access-log/parse-line.ts';
import { UserError } from '../../model/user-error.ts';
import { formatNumberOf } from '../format/format.ts';
import type { TrafficFinding } from '../schema/traffic-findings.ts';
import type { Traffic } from './traffic.ts';
import { trafficFromBins } from './traffic-bins.ts';

const minuteMs = 60_000;
/** Line numbers that a note lists. */
const mostExamples = 3;
/** With more lines of another kind the log does not represent the traffic. */
const mostUnreadable = 0.05;

/** Counts lines as they come; memory grows with the minutes, not with the lines. `finish` throws a UserError for a file without a log line. */
export function countLogLines(file: string) {
  const minutes = new Map<number, number>();
  const zones = new Set<string>();
  const unreadable: number[] = [];
  let [number, unreadableLines, outOfOrder, backMs, latest] = [0, 0, 0, 0, Number.NEGATIVE_INFINITY];
  const count = ({ atMs, zone }: LogLine): void => {
    if (atMs < latest) {
      outOfOrder++;
      backMs = Math.max(backMs, latest - atMs);
    }
    latest = Math.max(latest, atMs);
    zones.add(zone);
    const minute = Math.floor(atMs / minuteMs) * minuteMs;
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
  };
  return {
    add(text: string): void {
      number++;
      if (text === '') return;
      const line = parseLogLine(text);
      if (line) {
        count(line);
        return;
      }
      unreadableLines++;
      if (unreadable.length < mostExamples) unreadable.push(number);
    },
    finish(): Traffic {
      if (minutes.size === 0) {
        throw new UserError(
          `${file}: none of ${formatNumberOf(number, 'line')} is in nginx's common or combined format`,
        );
      }
      const notes: TrafficFinding[] = [];
      const lines = { lines: unreadableLines, totalLines: number, examples: unreadable };
      if (unreadableLines > 0) notes.push({ code: 'log-lines-unreadable', ...lines });
      if (outOfOrder > 0) notes.push({ code: 'log-lines-out-of-order', lines: outOfOrder, backS: backMs / 1000 });
      if (zones.size > 1 || !zones.has('+0000')) notes.push({ code: 'zones-converted', zones: [...zones] });
      const share = unreadableLines / number;
      return trafficFromBins(
        file,
        [...minutes].map(([atMs, requests]) => ({ atMs, requests })),
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
