// How long demand can have been above all vCPUs of a type, by the highest sample of each period.
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { RelativeSpeed } from '../../model/catalogue/vcpu-speed.ts';
import type { CpuRecord } from './cpu-record.ts';

export type PeakBounds = { readonly leastMs: number; readonly mostMs: number };

/** Sums of samples are rounded. */
const hair = 1e-9;

/** At least with the fastest vCPU of the interval, at most with the slowest. Undefined when no maxima were recorded. */
export function boundPeaks(
  record: CpuRecord,
  of: InstanceType,
  { low, high }: RelativeSpeed,
  vcpus: number,
): PeakBounds | undefined {
  const { begins, ends, used, peaks, sampleS } = record;
  if (!peaks) return undefined;
  const limitOf = (ratio: number) => (100 * vcpus * ratio) / of.vcpus;
  const [slow, fast] = [limitOf(low), limitOf(high)];
  let [leastMs, mostMs] = [0, 0];
  for (let index = 0; index < peaks.length; index++) {
    const peak = peaks[index] as number;
    // Without a maximum the mean alone bounds the time.
    if (peak <= slow) continue;
    const ms = (ends[index] as number) - (begins[index] as number);
    const mean = used[index] as number;
    mostMs += ms * shareAtMost(mean, peak, slow, samplesIn(ms, mean, peak, sampleS));
    if (peak > fast || mean > fast) leastMs += ms * shareAtLeast(mean, fast, samplesIn(ms, mean, peak, sampleS));
  }
  return { leastMs, mostMs };
}

/** Samples of a period; undefined when that is not known, or the mean shows that there were more. */
function samplesIn(ms: number, mean: number, peak: number, sampleS: number | undefined): number | undefined {
  const samples = sampleS === undefined ? undefined : ms / 1000 / sampleS;
  return samples !== undefined && samples >= 1 && peak <= samples * mean * 1.01 ? samples : undefined;
}

/** Of a period with this mean: besides the highest sample, so many above the limit as the rest of the sum allows. */
function shareAtMost(mean: number, peak: number, limit: number, samples: number | undefined): number {
  if (mean > limit) return 1;
  if (samples === undefined) return mean / limit;
  return Math.min(1, (1 + Math.max(0, Math.floor((samples * mean - peak) / limit + hair))) / samples);
}

/** The highest sample, and all of a period whose mean is above the limit: what waits from one sample runs in the next. */
function shareAtLeast(mean: number, limit: number, samples: number | undefined): number {
  if (mean > limit) return 1;
  return samples === undefined ? 0 : 1 / samples;
}
