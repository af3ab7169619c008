// How long a sample of the host is: the highest of a minute's samples is not its busiest second.
import type { Observed } from '../../model/observed.ts';

/** Samples up to this long are taken once a second, as well as a busy machine manages. */
const aboutASecond = 1.5;

/** Seconds of a sample of this metric, from the source that gave it; undefined where it is about one second, or not known. */
export function longSampleS(observed: Observed | undefined, metric: string): number | undefined {
  const source = observed?.sources.find(({ missing }) => !missing.includes(metric));
  return source && source.intervalS > aboutASecond ? source.intervalS : undefined;
}
