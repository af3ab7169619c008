// Wall clocks are set while runs go. A time axis must not fold back on itself when they are.

/** A clock that is set back by more than this is taken to have jumped: less is the jitter of writers side by side. */
const jitterS = 2;

export type Clock = {
  /** Seconds since the begin for an ISO time; never before the last one but for jitter. */
  readonly secondsAt: (iso: string) => number;
  /** By how much the clock was set back in all. */
  readonly setBackS: () => number;
};

/** Reads the times of one writer in the order in which they were written. */
export function createClock(startedAt: string): Clock {
  const begin = Date.parse(startedAt);
  let latest = 0;
  let shift = 0;
  return {
    secondsAt: (iso) => {
      const seconds = (Date.parse(iso) - begin) / 1000;
      if (seconds + shift < latest - jitterS) shift = latest - seconds;
      latest = Math.max(latest, seconds + shift);
      return seconds + shift;
    },
    setBackS: () => shift,
  };
}
