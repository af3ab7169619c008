// The requests that a server gets in a day or a week: the workload that a verdict is about.
import type { Finding } from '../../model/finding.ts';
import { UserError } from '../../model/user-error.ts';
import type { TrafficFinding } from '../schema/traffic-findings.ts';

export type TrafficPiece = { readonly hours: number; readonly ratePerS: number };

export type Traffic = {
  /** A file, or so many requests a day. */
  readonly source: Finding;
  readonly pieces: readonly TrafficPiece[];
  /** Hour of the day (UTC) at which the first piece begins. */
  readonly startHour: number;
  readonly requestsPerDay: number;
  readonly peakPerS: number;
  /** What was odd in the file, and what was assumed. */
  readonly notes: readonly Finding[];
  /** Why no verdict should rest on it; absent when it is good enough. */
  readonly caveat?: Finding;
};

export const shapes = ['flat', 'office', 'evening'] as const;
type Shape = (typeof shapes)[number];

/** Weight of each hour of the day (UTC): chosen here, not taken from a source. */
const weights: Readonly<Record<Shape, readonly number[]>> = {
  flat: Array.from({ length: 24 }, () => 1),
  office: [1, 1, 1, 1, 1, 1, 2, 3, 6, 9, 10, 10, 8, 10, 10, 10, 9, 7, 4, 2, 2, 1, 1, 1],
  evening: [3, 2, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 8, 10, 12, 11, 8, 5],
};

/** Returns a day of so many requests, spread over its hours. Throws a UserError for a number that is not above 0. */
export function dailyTraffic(requestsPerDay: number, shape: Shape): Traffic {
  if (!(Number.isFinite(requestsPerDay) && requestsPerDay > 0)) {
    throw new UserError('--daily must be a number of requests greater than 0');
  }
  const total = weights[shape].reduce((sum, weight) => sum + weight, 0);
  const pieces = weights[shape].map((weight) => ({
    hours: 1,
    ratePerS: (requestsPerDay * weight) / total / 3600,
  }));
  return summarizeTraffic({ code: 'traffic-per-day', requestsPerDay, shape }, pieces, { startHour: 0, notes: [] });
}

/** A shorter log cannot represent a day. */
const fewestHours = 1;
/** A file that covers less than this says how much it covers. */
const wholeDayHours = 23;

/** Adds the pieces up. Throws a UserError when they hold no request. */
export function summarizeTraffic(
  source: TrafficFinding<'traffic-per-day' | 'traffic-file'>,
  pieces: readonly TrafficPiece[],
  found: {
    readonly startHour: number;
    readonly notes: readonly TrafficFinding[];
    readonly caveat?: TrafficFinding | undefined;
  },
): Traffic {
  const hours = pieces.reduce((sum, piece) => sum + piece.hours, 0);
  const requests = pieces.reduce((sum, piece) => sum + piece.hours * 3600 * piece.ratePerS, 0);
  if (!(hours > 0 && requests > 0)) {
    const what = source.code === 'traffic-file' ? source.file : 'the traffic';
    throw new UserError(`${what} contains no requests: provide another traffic file`);
  }
  const tooShort: TrafficFinding | undefined =
    hours < fewestHours ? { code: 'traffic-too-short', durationS: hours * 3600 } : undefined;
  const caveat = found.caveat ?? tooShort;
  return {
    source,
    pieces,
    startHour: found.startHour,
    requestsPerDay: (requests / hours) * 24,
    peakPerS: pieces.reduce((most, piece) => Math.max(most, piece.ratePerS), 0),
    notes: [...found.notes, ...(hours < wholeDayHours ? [{ code: 'part-of-day', hours } as const] : [])],
    ...(caveat && { caveat }),
  };
}
