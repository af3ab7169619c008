// Compares two sources of one metric: their difference, and the lag of one behind the other.
import type { Agreement } from '../../../model/observed.ts';
import type { HostLine } from '../../../model/second.ts';

const maxLagS = 120;
const minSamples = 5;
/** Enough for any lag; comparing every second of a day would take half a minute. */
const mostCompared = 2000;
/** Metrics that every source has, and that change with the load. */
const comparedMetrics = ['system.cpu.user', 'system.cpu.system', 'system.load.1', 'system.mem.used'];

type Interval = { readonly fromMs: number; readonly toMs: number; readonly value: number };

/** Compares the metrics of each pair of sources, whatever they call the host: sources name one host differently. */
export function agreements(samples: readonly HostLine[], metrics: readonly string[] = comparedMetrics): Agreement[] {
  const sources = [...new Set(samples.map(({ source }) => source))];
  return metrics.flatMap((metric) => {
    const series = sources
      .map((source) => ({ source, intervals: intervalsOf(samples, source, metric) }))
      .filter(({ intervals }) => intervals.length >= minSamples)
      .sort((a, b) => meanLength(a.intervals) - meanLength(b.intervals));
    return series.flatMap((reference, index) =>
      series.slice(index + 1).flatMap((other) => {
        const found = compare(reference.intervals, other.intervals);
        return found ? [{ metric, reference: reference.source, other: other.source, ...found }] : [];
      }),
    );
  });
}

function compare(reference: readonly Interval[], all: readonly Interval[]) {
  const every = Math.ceil(all.length / mostCompared);
  const other = all.filter((_, index) => index % every === 0);
  const meanBetween = createMean(reference);
  const at = (lagS: number) => {
    const pairs: [number, number][] = [];
    for (const { fromMs, toMs, value } of other) {
      const expected = meanBetween(fromMs - lagS * 1000, toMs - lagS * 1000);
      if (expected !== undefined) pairs.push([expected, value]);
    }
    return { lagS, pairs, correlation: correlationOf(pairs) };
  };
  const candidates = Array.from({ length: 2 * maxLagS + 1 }, (_, index) => at(index - maxLagS))
    // A lag that leaves out most samples could correlate best by chance.
    .filter(({ pairs }) => pairs.length >= Math.max(minSamples, other.length / 2));
  const [best] = candidates
    .filter(({ correlation }) => correlation !== undefined)
    .sort((a, b) => (b.correlation ?? 0) - (a.correlation ?? 0) || Math.abs(a.lagS) - Math.abs(b.lagS));
  const chosen = best ?? candidates.find(({ lagS }) => lagS === 0);
  if (!chosen) return undefined;
  const bias = chosen.pairs.reduce((total, [expected, value]) => total + value - expected, 0) / chosen.pairs.length;
  return {
    bias,
    ...(best && best.correlation !== undefined && { lagS: best.lagS, correlation: best.correlation }),
    samples: chosen.pairs.length,
  };
}

/** Time-weighted mean of the intervals between two moments; undefined where they do not cover it. */
function createMean(intervals: readonly Interval[]): (fromMs: number, toMs: number) => number | undefined {
  // Running integral at the interval ends; gaps count as uncovered time.
  const ends = [0];
  const covered = [0];
  for (const [index, { fromMs, toMs, value }] of intervals.entries()) {
    ends.push((ends[index] ?? 0) + value * (toMs - fromMs));
    covered.push((covered[index] ?? 0) + (toMs - fromMs));
  }
  const until = (ms: number) => {
    let low = 0;
    let high = intervals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((intervals[middle]?.toMs ?? 0) <= ms) low = middle + 1;
      else high = middle;
    }
    const part = intervals[low];
    const insideMs = part ? Math.max(0, ms - part.fromMs) : 0;
    return { integral: (ends[low] ?? 0) + (part?.value ?? 0) * insideMs, coveredMs: (covered[low] ?? 0) + insideMs };
  };
  return (fromMs, toMs) => {
    const [begin, end] = [until(fromMs), until(toMs)];
    const coveredMs = end.coveredMs - begin.coveredMs;
    return coveredMs < 0.9 * (toMs - fromMs) ? undefined : (end.integral - begin.integral) / coveredMs;
  };
}

function intervalsOf(samples: readonly HostLine[], source: string, metric: string): Interval[] {
  return samples
    .flatMap((line) => {
      const value = line.metrics[metric];
      if (line.source !== source || value === undefined) return [];
      const toMs = Date.parse(line.at);
      return [{ fromMs: toMs - line.intervalS * 1000, toMs, value }];
    })
    .sort((a, b) => a.toMs - b.toMs);
}

function meanLength(intervals: readonly Interval[]): number {
  return intervals.reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0) / intervals.length;
}

function correlationOf(pairs: readonly (readonly [number, number])[]): number | undefined {
  const mean = (index: 0 | 1) => pairs.reduce((total, pair) => total + pair[index], 0) / pairs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  // A flat line correlates with nothing: it has no lag.
  return xx < 1e-9 || yy < 1e-9 ? undefined : xy / Math.sqrt(xx * yy);
}
