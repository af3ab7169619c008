// What it costs an app that its workers take turns on one core where the type gives each a vCPU of its own.
import type { RunRecord } from '../../model/run-record.ts';
import type { Estimate } from '../series/regression.ts';

/**
 * CPU time of a request with two workers on one core, over that with one worker on it: each finds the core's caches full of the other's code.
 * Two vCPUs of a type do not meet there. The median of eight default runs with generators that stay awake, in which a t2.medium and a t2.micro were
 * measured in turn (0.92 to 1.15 times), and what held seven of them: two processes of one app differ by up to a tenth in
 * CPU per request. See also `npm run bench -- shares`.
 */
export const sharedCoreCost: Estimate = { value: 1.07, low: 0.95, high: 1.21 };

const alone: Estimate = { value: 1, low: 1, high: 1 };

/** By how much a request of a run cost more than on vCPUs of its own; 1 where the user chose the share, which is what the rates are of then. */
export function sharedCore({ target }: RunRecord): Estimate {
  const { vcpuShare = 1, vcpuShareAtBaseline, vcpus = 1, workers = vcpus } = target;
  return vcpuShareAtBaseline !== undefined && vcpuShare < 1 && workers > 1 ? sharedCoreCost : alone;
}

/** A rate of vCPUs of their own (`direction` 1), or a cost (-1), with what is not known of `sharedCore` in its interval: both errors in squares. */
export function widenForSharing(run: RunRecord, { value, low, high }: Estimate, direction: 1 | -1): Estimate {
  const shared = sharedCore(run);
  const [cheap, dear] = [shared.high / shared.value - 1, 1 - shared.low / shared.value];
  const [below, above] = direction === 1 ? [dear, cheap] : [cheap, dear];
  if (value <= 0) return { value, low, high };
  return {
    value,
    low: Math.max(0, value * (1 - Math.hypot(1 - low / value, below))),
    high: value * (1 + Math.hypot(high / value - 1, above)),
  };
}
