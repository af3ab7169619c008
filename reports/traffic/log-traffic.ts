// An access log -> requests a minute.
import { parseLogLine } from '../../model/access-log/parse-line.ts';
import { UserError } from '../../model/user-error.ts';
import { formatCount, formatDuration, formatNumberOf, formatPercent } from '../format/format.ts';
import type { Traffic } from './traffic.ts';
import { type Bin, trafficFromBins } from './traffic-bins.ts';

const minuteMs = 60_000;
const mostNamed = 3;
/** A log with more lines of another kind does not tell the traffic. */
const mostUnread = 0.05;

/** Counts lines as they come; memory grows with the minutes, not with the lines. */
export function countLogLines(source: string) {
  const minutes = new Map<number, number>();
  const zones = new Map<string, number>();
  const unparsed: number[] = [];
  let number = 0;
  let unparsedLines = 0;
  let outOfOrder = 0;
  let furthestBackMs = 0;
  let latest = Number.NEGATIVE_INFINITY;
  return {
    add(text: string): void {
      number++;
      if (text === '') return;
      const time = parseLogLine(text);
      if (!time) {
        unparsedLines++;
        if (unparsed.length < mostNamed) unparsed.push(number);
        return;
      }
      if (time.atMs < latest) {
        outOfOrder++;
        furthestBackMs = Math.max(furthestBackMs, latest - time.atMs);
      }
      latest = Math.max(latest, time.atMs);
      zones.set(time.zone, (zones.get(time.zone) ?? 0) + 1);
      const minute = Math.floor(time.atMs / minuteMs) * minuteMs;
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    },
    finish(): Traffic {
      if (minutes.size === 0) {
        throw new UserError(
          `${source}: none of ${formatNumberOf(number, 'line')} is in nginx's common or combined format`,
        );
      }
      const notes: string[] = [];
      if (unparsedLines > 0) {
        const named = unparsed.join(', ') + (unparsedLines > unparsed.length ? ' ...' : '');
        notes.push(
          `${formatNumberOf(unparsedLines, 'line')} of ${formatCount(number)} could not be read (line ${named})`,
        );
      }
      if (outOfOrder > 0) {
        notes.push(
          `${formatNumberOf(outOfOrder, 'line')} out of order, by up to ${formatDuration(furthestBackMs / 1000)}: sorted`,
        );
      }
      const [first, ...others] = [...zones.keys()];
      if (others.length > 0) notes.push(`times in the zones ${[first, ...others].join(', ')}: all turned into UTC`);
      else if (first !== '+0000') notes.push(`times in the zone ${first}: turned into UTC`);
      const bins: Bin[] = [...minutes].map(([atMs, requests]) => ({ atMs, requests }));
      const share = unparsedLines / number;
      return trafficFromBins(source, bins, minuteMs, {
        quietIsZero: true,
        notes,
        ...(share > mostUnread && {
          doubt: `${formatPercent(100 * share)} of its lines could not be read, and their requests are missing`,
        }),
      });
    },
  };
}
