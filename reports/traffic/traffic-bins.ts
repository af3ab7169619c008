// Requests by time -> traffic: sorted, without gaps, with a note on everything that was odd.
import { UserError } from '../../model/user-error.ts';
import { formatTime } from '../format/format.ts';
import type { TrafficFinding } from '../schema/traffic-findings.ts';
import { summarizeTraffic, type Traffic, type TrafficPiece } from './traffic.ts';

/** Requests in an interval that begins at `atMs`. */
export type Bin = { readonly atMs: number; readonly requests: number };

type Gap = { readonly fromMs: number; readonly toMs: number };

/** Gaps that a note lists. */
const mostExamples = 3;
const hourMs = 3_600_000;

/**
 * Sorts the bins, adds up those of the same time, and fills gaps with the mean rate. What is not longer than `longestQuietMs` is
 * no gap but had no requests: in a log an hour without a line, in CloudWatch (Infinity) any time, which a note says. Throws a UserError for
 * uneven intervals and for no requests.
 */
export function trafficFromBins(
  file: string,
  bins: readonly Bin[],
  intervalMs: number,
  options: {
    readonly longestQuietMs: number;
    readonly notes: readonly TrafficFinding[];
    readonly caveat?: TrafficFinding | undefined;
  },
): Traffic {
  const byTime = new Map<number, number>();
  for (const { atMs, requests } of bins) byTime.set(atMs, (byTime.get(atMs) ?? 0) + requests);
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const [first] = times;
  if (first === undefined) throw new UserError(`${file} contains no requests: provide another traffic file`);
  const between = findPauses(file, times, intervalMs);
  const isGap = ({ fromMs, toMs }: Gap) => toMs - fromMs > options.longestQuietMs;
  const gaps = between.filter(isGap);
  const quietMs = lengthOf(between.filter((pause) => !isGap(pause)));
  const total = [...byTime.values()].reduce((sum, requests) => sum + requests, 0);
  const meanPerS = (total / (times.length * intervalMs + quietMs)) * 1000;
  const pauseBefore = new Map(between.map((pause) => [pause.toMs, pause]));
  const pieces = times.flatMap((at): TrafficPiece[] => {
    const pause = pauseBefore.get(at);
    const piece = { hours: intervalMs / hourMs, ratePerS: ((byTime.get(at) ?? 0) / intervalMs) * 1000 };
    if (!pause) return [piece];
    return [{ hours: (pause.toMs - pause.fromMs) / hourMs, ratePerS: isGap(pause) ? meanPerS : 0 }, piece];
  });
  const isSaid = options.longestQuietMs === Number.POSITIVE_INFINITY && quietMs > 0;
  const start = new Date(first);
  return summarizeTraffic({ code: 'traffic-file', file }, pieces, {
    startHour: start.getUTCHours() + start.getUTCMinutes() / 60,
    notes: [
      ...options.notes,
      ...(isSaid ? [{ code: 'gaps-quiet', gaps: between.length, totalS: quietMs / 1000 } as const] : []),
      ...(gaps.length > 0 ? [describeGaps(gaps)] : []),
    ],
    caveat: options.caveat,
  });
}

/** The times between intervals that no bin covers. */
function findPauses(file: string, times: readonly number[], intervalMs: number): readonly Gap[] {
  const pauses: Gap[] = [];
  let expected = times[0] ?? 0;
  for (const at of times) {
    if (at < expected) {
      const time = formatTime(new Date(at).toISOString());
      throw new UserError(`${file}: ${time} is within the interval before it: use even intervals`);
    }
    if (at > expected) pauses.push({ fromMs: expected, toMs: at });
    expected = at + intervalMs;
  }
  return pauses;
}

function describeGaps(gaps: readonly Gap[]): TrafficFinding {
  const examples = gaps.slice(0, mostExamples).map(({ fromMs, toMs }) => ({
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
  }));
  return { code: 'gaps-filled', gaps: gaps.length, totalS: lengthOf(gaps) / 1000, examples };
}

function lengthOf(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}
