// Types that had fewer cores here than they have vCPUs.
import type { RunRecord } from '../../model/run-record.ts';
import { formatNumberOf } from '../format/format.ts';

/** A sentence for each: its stages show less than the type does, and only its burst and sustained rates are scaled to all vCPUs. */
export function describeFewCores(...runs: readonly (Pick<RunRecord, 'target'> | undefined)[]): string[] {
  return runs.flatMap((run) => {
    const { instanceType, vcpus = 1, vcpuShare = 1, vcpuShareAtBaseline } = run?.target ?? {};
    if (vcpuShareAtBaseline === undefined || vcpuShare >= 1) return [];
    const cores = formatNumberOf(vcpus * vcpuShare, 'core');
    return [`${vcpus} vCPUs of the ${instanceType} shared ${cores} in these stages: compare burst and sustained.`];
  });
}
