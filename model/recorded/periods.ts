// The period of each point, where a file has only times.

/** Two distances are of one period when they differ by less than this share: sar is late by a second now and then. */
const jitter = 0.1;
/** A distance this long is a period only when it is the usual one: a machine that is off every night is not a period. */
const longestGuessMs = 3_600_000;

type Periods = { readonly begins: Float64Array; readonly ends: Float64Array };

/**
 * Begin and end of each point's period. `times` rise. Without `intervalS` a period is the distance to the next time (to the one before
 * for times at the end), as far as its neighbours have it too; a longer distance is a gap behind a usual period.
 */
export function periodsOf(times: Float64Array, stamped: 'begin' | 'end', intervalS?: number): Periods {
  const count = times.length;
  const lengths =
    intervalS === undefined ? guessLengths(times, stamped) : new Float64Array(count).fill(intervalS * 1000);
  const begins = new Float64Array(count);
  const ends = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const at = times[index] as number;
    const length = lengths[index] as number;
    begins[index] = stamped === 'begin' ? at : at - length;
    ends[index] = stamped === 'begin' ? at + length : at;
  }
  return withoutOverlap(begins, ends, stamped);
}

/** A period that reaches into the next one ends, or begins, where that one does. */
function withoutOverlap(begins: Float64Array, ends: Float64Array, stamped: 'begin' | 'end'): Periods {
  for (let index = 1; index < begins.length; index++) {
    if ((begins[index] as number) >= (ends[index - 1] as number)) continue;
    if (stamped === 'begin') ends[index - 1] = begins[index] as number;
    else begins[index] = ends[index - 1] as number;
  }
  return { begins, ends };
}

/** A guess at the length of each period, in milliseconds. */
function guessLengths(times: Float64Array, stamped: 'begin' | 'end'): Float64Array {
  const gaps = times.length - 1;
  const usual = usualDistance(times);
  const lengths = new Float64Array(times.length);
  const distance = (index: number): number =>
    index < 0 || index >= gaps ? Number.NaN : (times[index + 1] as number) - (times[index] as number);
  let before = usual;
  // From the side on which a period's own distance is known: the last time of all has none.
  for (let step = 0; step < times.length; step++) {
    const point = stamped === 'begin' ? step : times.length - 1 - step;
    const gap = stamped === 'begin' ? point : point - 1;
    const own = distance(gap);
    const isPeriod =
      isLike(own, usual) ||
      (own <= longestGuessMs && (isLike(own, distance(gap - 1)) || isLike(own, distance(gap + 1))));
    const length = Number.isNaN(own) ? before : isPeriod ? own : Math.min(own, before);
    lengths[point] = length;
    before = length;
  }
  return lengths;
}

function isLike(a: number, b: number): boolean {
  return Math.abs(a - b) <= jitter * Math.min(a, b);
}

/** The most frequent distance between neighbours, in milliseconds. */
function usualDistance(times: Float64Array): number {
  const counts = new Map<number, number>();
  for (let index = 1; index < times.length; index++) {
    const distance = Math.round(((times[index] as number) - (times[index - 1] as number)) / 1000) * 1000;
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return most?.[0] ?? 0;
}
