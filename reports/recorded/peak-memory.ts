// The highest use of memory in recorded files.
import { withArticle } from '../../model/article.ts';
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { memoryPercent } from '../../model/recorded/metric-name.ts';
import type { RecordedFile } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';

/** Bytes: less than this is a count of MB or KB. */
const leastBytes = 16 * 1024 ** 2;
const leastShare = 0.001;

/** In bytes; percentages are of what the guest of the recorded type sees. Undefined when memory was not recorded. Throws a UserError for bytes that the machine cannot have. */
export function peakMemory(files: readonly RecordedFile[], of: InstanceType): number | undefined {
  const valuesOf = (metric: string): number[] =>
    files.flatMap(({ metrics }) =>
      metrics.filter((each) => each.metric === metric).flatMap(({ values }) => extremes(values)),
    );
  const guestBytes = of.guestMemoryMiB * 1024 ** 2;
  for (const metric of ['system.mem.usable', 'system.mem.total', 'system.mem.used']) {
    const values = valuesOf(metric);
    if (values.length > 0) refuseUnit(metric, Math.max(...values), of, guestBytes);
  }
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

function refuseUnit(metric: string, most: number, of: InstanceType, guestBytes: number): void {
  const isTooSmall = most < Math.max(leastBytes, leastShare * guestBytes);
  if (!isTooSmall && most <= 1.1 * of.memoryGiB * 1024 ** 3) return;
  throw new UserError(
    `${metric} is ${Number(most.toPrecision(4))} bytes at most, which ${withArticle(of.instanceType)} of ${of.memoryGiB} GiB cannot have. Record bytes, or name the unit of the column, like mem_used_mb, and check --of`,
  );
}

function extremes(values: Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
