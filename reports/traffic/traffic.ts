// What a server gets in a day: the demand that a verdict is about.
import { UserError } from '../../model/user-error.ts';
import { formatCount, formatDuration } from '../format/format.ts';

export type TrafficPiece = { readonly hours: number; readonly ratePerS: number };

export type Traffic = {
  /** In words: where it comes from. */
  readonly source: string;
  readonly pieces: readonly TrafficPiece[];
  /** Hour of the day (UTC) at which the first piece begins. */
  readonly startHour: number;
  readonly requestsPerDay: number;
  readonly peakPerS: number;
  /** What was odd in the file, and what was assumed: counted and named. */
  readonly notes: readonly string[];
  /** Why no verdict should rest on it; absent when it is good enough. */
  readonly doubt?: string;
};

export const shapes = ['flat', 'office', 'evening'] as const;
export type Shape = (typeof shapes)[number];

/** Weight of each hour of the day; of our own making, after what such services usually see. */
const weights: Readonly<Record<Shape, readonly number[]>> = {
  flat: Array.from({ length: 24 }, () => 1),
  office: [1, 1, 1, 1, 1, 1, 2, 3, 6, 9, 10, 10, 8, 10, 10, 10, 9, 7, 4, 2, 2, 1, 1, 1],
  evening: [3, 2, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 8, 10, 12, 11, 8, 5],
};

/** So many requests a day, spread over its hours. */
export function dailyTraffic(requestsPerDay: number, shape: Shape): Traffic {
  if (!(Number.isFinite(requestsPerDay) && requestsPerDay > 0)) {
    throw new UserError('--daily must be a number of requests above 0');
  }
  const total = weights[shape].reduce((sum, weight) => sum + weight, 0);
  const pieces = weights[shape].map((weight) => ({
    hours: 1,
    ratePerS: (requestsPerDay * weight) / total / 3600,
  }));
  return summarizeTraffic(`${formatCount(requestsPerDay)} requests a day (${shape})`, pieces, 0, []);
}

/** Less is no part of a day that could stand for the rest. */
const fewestHours = 1;

/** Adds pieces up. */
export function summarizeTraffic(
  source: string,
  pieces: readonly TrafficPiece[],
  startHour: number,
  notes: readonly string[],
  doubt?: string,
): Traffic {
  const hours = pieces.reduce((sum, piece) => sum + piece.hours, 0);
  const requests = pieces.reduce((sum, piece) => sum + piece.hours * 3600 * piece.ratePerS, 0);
  if (!(hours > 0 && requests > 0)) throw new UserError(`${source} holds no request: give another traffic file`);
  return {
    source,
    pieces,
    startHour,
    requestsPerDay: (requests / hours) * 24,
    peakPerS: pieces.reduce((most, piece) => Math.max(most, piece.ratePerS), 0),
    notes:
      hours < 23
        ? [...notes, `it covers ${Number(hours.toFixed(1))} h alone: the rest of the day is taken to be like it`]
        : notes,
    ...(doubt !== undefined
      ? { doubt }
      : hours < fewestHours && { doubt: `it covers ${formatDuration(hours * 3600)}, which says little of a day` }),
  };
}
