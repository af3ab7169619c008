// Counts by time -> traffic: in order, without holes, and with a word on everything that was odd.
import { UserError } from '../../model/user-error.ts';
import { formatDuration, formatNumberOf, formatTime } from '../format/format.ts';
import { summarizeTraffic, type Traffic, type TrafficPiece } from './traffic.ts';

/** Requests in an interval that begins at `atMs`. */
export type Bin = { readonly atMs: number; readonly requests: number };

/** At most so many holes are named one by one. */
const mostNamed = 3;

/**
 * Sorts the bins, adds those of the same time, and fills holes with the mean of the whole, which is said. `quietIsZero`: in a log a
 * minute without a line is a minute without a request, and a hole is what is longer than an hour.
 */
export function trafficFromBins(
  source: string,
  bins: readonly Bin[],
  intervalMs: number,
  options: { readonly quietIsZero: boolean; readonly notes: readonly string[]; readonly doubt?: string },
): Traffic {
  const byTime = new Map<number, number>();
  for (const { atMs, requests } of bins) byTime.set(atMs, (byTime.get(atMs) ?? 0) + requests);
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const [first] = times;
  if (first === undefined) throw new UserError(`${source} holds no request: give another traffic file`);
  const total = [...byTime.values()].reduce((sum, requests) => sum + requests, 0);
  const longestQuietMs = options.quietIsZero ? 3_600_000 : 0;

  const pieces: TrafficPiece[] = [];
  const holes: { readonly fromMs: number; readonly toMs: number }[] = [];
  const known = times.length * intervalMs;
  let quietMs = 0;
  let expected = first;
  for (const at of times) {
    if (at < expected) {
      throw new UserError(
        `${source}: ${formatTime(new Date(at).toISOString())} lies within the interval before it: use even intervals`,
      );
    }
    if (at - expected > longestQuietMs) holes.push({ fromMs: expected, toMs: at });
    else quietMs += at - expected;
    expected = at + intervalMs;
  }
  const meanPerS = (total / (known + quietMs)) * 1000;
  expected = first;
  for (const at of times) {
    if (at > expected) {
      pieces.push({
        hours: (at - expected) / 3_600_000,
        ratePerS: at - expected > longestQuietMs ? meanPerS : 0,
      });
    }
    pieces.push({ hours: intervalMs / 3_600_000, ratePerS: ((byTime.get(at) ?? 0) / intervalMs) * 1000 });
    expected = at + intervalMs;
  }
  const start = new Date(first);
  const notes = [...options.notes, ...(holes.length > 0 ? [describeHoles(holes)] : [])];
  const startHour = start.getUTCHours() + start.getUTCMinutes() / 60;
  return summarizeTraffic(source, pieces, startHour, notes, options.doubt);
}

function describeHoles(holes: readonly { readonly fromMs: number; readonly toMs: number }[]): string {
  const totalS = holes.reduce((sum, hole) => sum + (hole.toMs - hole.fromMs), 0) / 1000;
  const named = holes
    .slice(0, mostNamed)
    .map(
      ({ fromMs, toMs }) =>
        `${formatTime(new Date(fromMs).toISOString())} to ${formatTime(new Date(toMs).toISOString())}`,
    );
  const more = holes.length > mostNamed ? `, and ${holes.length - mostNamed} more` : '';
  return `${formatNumberOf(holes.length, 'gap')} of ${formatDuration(totalS)} in all, taken as the mean of the rest: ${named.join(', ')}${more}`;
}
