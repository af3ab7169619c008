import type { GroupUse } from './group.ts';

/**
 * What the guest of such an instance would see as stolen, in percent of its vCPUs: it was runnable (ran or was held back) for a share of
 * the time, and ran for a share of its vCPUs. A vCPU that is a part of a core is slow, not stolen.
 */
export function stolenPercent(
  before: GroupUse,
  after: GroupUse,
  machine: { readonly durationMs: number; readonly vcpus: number; readonly vcpuShare: number; readonly cores: number },
): number {
  const usedMs = (after.cpuUs - before.cpuUs) / 1000;
  const heldMs = (after.throttledUs - before.throttledUs) / 1000;
  const runnable = Math.min(1, (usedMs + heldMs) / (machine.durationMs * machine.cores));
  const ran = usedMs / (machine.durationMs * machine.vcpus * machine.vcpuShare);
  return 100 * Math.max(0, Math.min(1, runnable) - ran);
}
