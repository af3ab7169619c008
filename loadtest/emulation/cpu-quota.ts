// CPU quotas as the kernel keeps them.

/** The kernel accepts no quota below one millisecond, and no period above a second (kernel/sched/core.c, tg_set_cfs_bandwidth). */
const shortestQuotaUs = 1000;
const longestPeriodUs = 1_000_000;

/**
 * The period of a quota, so that a t2.micro at its baseline runs in slices of 10 ms. How long those of EC2 are is not published: credits are
 * "processed at millisecond resolution", and Xen, which T2 runs on, accounts every 30 ms and ticks every 10 ms. Slices of 1 ms refill the
 * caches each time and repeat worst; `npm run bench -- slices` shows what rate and p99 are between 5 and 50 ms.
 */
export const periodUs = 100_000;

/** Quota and period for so many cores. */
export function cpuQuota(
  cores: number,
  period: number = periodUs,
): { readonly quotaUs: number; readonly periodUs: number } {
  const needed = Math.ceil(shortestQuotaUs / cores);
  const periodUs = Math.min(longestPeriodUs, Math.max(period, needed));
  return { quotaUs: Math.max(shortestQuotaUs, Math.round(cores * periodUs)), periodUs };
}
