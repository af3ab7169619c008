// CPU quotas as the kernel keeps them.

/** The kernel accepts no quota below one millisecond (kernel/sched/core.c, tg_set_cfs_bandwidth). */
const shortestQuotaUs = 1000;
/**
 * It accepts such periods too, and does not keep them: it looks at the quota at its own tick, 4 ms at the usual HZ=250. A spinning process
 * got 0.464 cores of 0.5 with a period of 2 ms and 0.610 of 0.95 with 1.05 ms, and within 0.1 % of both with 4 ms.
 */
const shortestPeriodUs = 4000;

/** Quota and period for so many cores: the shortest period that the kernel keeps, since a long one makes stalls of its own. */
export function cpuQuota(cores: number): { readonly quotaUs: number; readonly periodUs: number } {
  const periodUs = Math.min(1_000_000, Math.max(shortestPeriodUs, Math.ceil(shortestQuotaUs / cores)));
  return { quotaUs: Math.max(shortestQuotaUs, Math.round(cores * periodUs)), periodUs };
}
