// The highest use of memory in recorded files.
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { memoryPercent } from '../../model/recorded/metric-name.ts';
import type { RecordedFile } from '../../model/recorded/recorded-file.ts';

/** In bytes; percentages are of what the guest of the recorded type sees. Undefined when memory was not recorded. */
export function peakMemory(files: readonly RecordedFile[], of: InstanceType): number | undefined {
  const valuesOf = (metric: string): number[] =>
    files.flatMap(({ metrics }) =>
      metrics.filter((each) => each.metric === metric).flatMap(({ values }) => extremes(values)),
    );
  const guestBytes = of.guestMemoryMiB * 1024 ** 2;
  const usable = valuesOf('system.mem.usable');
  const total = valuesOf('system.mem.total');
  // What caches hold is used but can be given away: usable memory is the better measure.
  if (usable.length > 0) return Math.max(0, (total.length > 0 ? Math.max(...total) : guestBytes) - Math.min(...usable));
  const pct = valuesOf('system.mem.pct_usable');
  if (pct.length > 0) return (1 - Math.min(...pct)) * guestBytes;
  const percent = valuesOf(memoryPercent);
  if (percent.length > 0) return (Math.max(...percent) / 100) * guestBytes;
  const used = valuesOf('system.mem.used');
  return used.length > 0 ? Math.max(...used) : undefined;
}

function extremes(values: Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
