// The moments of the requests of a log: how fine they are, whether they come in order, and of which year.
import type { LogLine } from '../../model/access-log/log-line.ts';
import { yearsBefore } from '../../model/access-log/yearless.ts';
import { UserError } from '../../model/user-error.ts';
import { columnOf } from './column.ts';
import type { Range } from './time-range.ts';

/** Collects the moments of the requests that are kept, and watches those of all lines. */
export function createMoments(range: Range) {
  const times = columnOf(Float64Array);
  /** Places of lines without a year, which a later line can set back. */
  const yearless = columnOf(Uint32Array);
  let [lines, wholeSeconds, outOfOrder] = [0, 0, 0];
  /** The times of the log are multiples of it, ms. */
  let unitMs = 1000;
  let latest = Number.NEGATIVE_INFINITY;
  const setBack = (years: number): void => {
    if (range.from !== undefined || range.to !== undefined)
      throw new UserError('the times of the log have no year: leave out --from and --to, or export it with years');
    const all = times.values();
    for (const place of yearless.values()) all[place] = yearsBefore(all[place] as number, years);
    latest = yearsBefore(latest, years);
  };
  return {
    watch({ atMs, yearsLate }: LogLine): void {
      if (yearsLate && yearless.length > 0) setBack(yearsLate);
      if (atMs < latest) outOfOrder++;
      else latest = atMs;
      lines++;
      const fractionMs = atMs % 1000;
      if (fractionMs === 0) wholeSeconds++;
      else if (unitMs > 1 && fractionMs % unitMs !== 0) unitMs = divisorOf(fractionMs, unitMs);
    },
    keep({ atMs, isYearAssumed }: LogLine): void {
      if (isYearAssumed) yearless.push(times.length);
      times.push(atMs);
    },
    values: (): Float64Array => times.values(),
    counts: () => ({
      outOfOrder,
      // Of milliseconds one in a thousand is 0; more are those of lines without a fraction.
      isFine: unitMs < 1000 && wholeSeconds / lines <= 3 * (unitMs / 1000) + 0.02,
    }),
  };
}

/** The greatest number that divides both. */
function divisorOf(one: number, other: number): number {
  return other === 0 ? one : divisorOf(other, one % other);
}
