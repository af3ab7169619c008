// A recording -> when each of its requests is sent.

import { seededRandom, unitExponential } from '../../model/random.ts';
import { UserError } from '../../model/user-error.ts';
import type { Recording } from './recorder.ts';

/** A stage of a profile is no longer. */
const longestS = 7 * 86_400;
const dayS = 86_400;

/** The arrivals of a replay, in their order. */
export type Schedule = {
  /** Seconds from the begin of the replay. */
  readonly atS: Float64Array;
  /** Request of the recording's table. */
  readonly request: Uint32Array;
  readonly durationS: number;
  /** The highest rate of a second. */
  readonly peakPerS: number;
  /** Of the log: the second of the first and the end of that of the last request, ms since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Requests of the log in this time, before thinning. */
  readonly asked: number;
};

/**
 * The recording `speed` times as fast. Of a time in whole seconds, the place of the request in its second is drawn by the seed. With `keep` below 1
 * each request is kept with that chance. Throws a UserError for a log without a request to send, or one that would take more than a week.
 */
export function scheduleReplay(
  { atMs, request, counts }: Pick<Recording, 'atMs' | 'request' | 'counts'>,
  { speed, keep, seed }: { readonly speed: number; readonly keep: number; readonly seed: number },
): Schedule {
  const order = inOrder(atMs, counts.outOfOrder > 0);
  const at = (place: number): number => atMs[order ? (order[place] as number) : place] as number;
  const fromMs = Math.floor(at(0) / 1000) * 1000;
  const toMs = Math.floor(at(atMs.length - 1) / 1000) * 1000 + 1000;
  const durationS = (toMs - fromMs) / 1000 / speed;
  if (durationS > longestS) throw tooLong((toMs - fromMs) / 1000, speed);
  const random = seededRandom(seed);
  const threshold = keep * 2 ** 32;
  const times = new Float64Array(atMs.length);
  const kept = new Uint32Array(atMs.length);
  let length = 0;
  for (let begin = 0; begin < atMs.length; ) {
    let end = begin + 1;
    while (end < atMs.length && at(end) === at(begin)) end++;
    const within = counts.isFine || at(begin) % 1000 !== 0 ? () => 0 : placesInSecond(end - begin, random);
    for (let place = begin; place < end; place++) {
      const time = (at(begin) - fromMs) / 1000 + within();
      if (keep < 1 && random() >= threshold) continue;
      times[length] = time / speed;
      kept[length++] = request[order ? (order[place] as number) : place] as number;
    }
    begin = end;
  }
  const { atS, request: sent } = inTime(times.slice(0, length), kept.slice(0, length));
  return {
    atS,
    request: sent,
    durationS,
    peakPerS: peakOf(atS),
    fromMs,
    toMs,
    asked: atMs.length,
  };
}

/** Sorted: in a log of both kinds, a request drawn within its second may come after one with a fraction. */
function inTime(atS: Float64Array, request: Uint32Array): Pick<Schedule, 'atS' | 'request'> {
  if (atS.every((at, index) => index === 0 || at >= (atS[index - 1] as number))) return { atS, request };
  const order = Uint32Array.from(atS, (_, index) => index).sort(
    (a, b) => (atS[a] as number) - (atS[b] as number) || a - b,
  );
  return {
    atS: Float64Array.from(order, (index) => atS[index] as number),
    request: order.map((index) => request[index] as number),
  };
}

/** So many requests spread evenly over all, at an even rate: for a warm-up with the mix of the log. */
export function sampleSchedule(
  { request }: Schedule,
  { ratePerS, durationS, seed }: { readonly ratePerS: number; readonly durationS: number; readonly seed: number },
): Pick<Schedule, 'atS' | 'request'> {
  const random = seededRandom(seed);
  const times: number[] = [];
  for (let count = unitExponential(random); count < ratePerS * durationS; count += unitExponential(random))
    times.push(count / ratePerS);
  const chosen = Uint32Array.from(times, () => request[Math.floor((random() / 2 ** 32) * request.length)] as number);
  return { atS: Float64Array.from(times), request: chosen };
}

/** Numbers of the lines by their time; undefined where the log has them so. */
function inOrder(atMs: Float64Array, isMixed: boolean): Uint32Array | undefined {
  if (!isMixed) return undefined;
  const order = Uint32Array.from(atMs, (_, index) => index);
  return order.sort((a, b) => (atMs[a] as number) - (atMs[b] as number) || a - b);
}

/** So many independent places in a second, in their order: gaps of exponentials, divided by their sum. */
function placesInSecond(count: number, random: () => number): () => number {
  const gaps = Array.from({ length: count + 1 }, () => unitExponential(random));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  let [index, reached] = [0, 0];
  return () => {
    reached += (gaps[index++] as number) / total;
    return Math.min(reached, 1 - 1e-9);
  };
}

function peakOf(atS: Float64Array): number {
  let [peak, first] = [0, 0];
  for (let last = 0; last < atS.length; last++) {
    while ((atS[last] as number) - (atS[first] as number) >= 1) first++;
    peak = Math.max(peak, last - first + 1);
  }
  return peak;
}

function tooLong(logS: number, speed: number): UserError {
  const days = (seconds: number): string => (seconds / dayS).toFixed(1);
  return new UserError(
    `the log covers ${days(logS)} days: at --speed ${speed} its replay takes ${days(logS / speed)} days, and 7 is the most. Replay a part with --from and --to, or give --speed ${Math.ceil(logS / longestS)} or more`,
  );
}
