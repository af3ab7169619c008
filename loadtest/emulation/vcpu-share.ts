// How much of a core of this machine one emulated vCPU is.

import { cpus } from 'node:os';
import { withArticle } from '../../model/article.ts';
import { creditBaselineVcpus, type InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { UserError } from '../../model/user-error.ts';

export type VcpuShare = {
  readonly withCredits: number;
  /** At the baseline performance; the same for a type of fixed performance. */
  readonly atBaseline: number;
};

/**
 * Whole vCPUs as far as cores are free: one core is left to whatever else runs here (on a machine of one core, half of it). With fewer
 * cores than vCPUs, all vCPUs share the free cores without a quota of their own, and rates are those of so many whole cores. At the baseline
 * performance a type needs less: it has that of whole vCPUs wherever it fits.
 */
export function wholeVcpus({ vcpus, credits }: InstanceType, cores: number = cpus().length): VcpuShare {
  const free = cores > 1 ? cores - 1 : 0.5;
  return {
    withCredits: Math.min(1, free / vcpus),
    atBaseline: Math.min(1, free / (credits ? creditBaselineVcpus(credits) : vcpus)),
  };
}

/** The user's own share, in both states. Throws a UserError where the type does not fit into the cores. */
export function askedShare(share: number, types: readonly InstanceType[], cores: number = cpus().length): VcpuShare {
  if (!(share > 0 && share <= 1)) throw new UserError('--vcpu-share must be more than 0 and at most 1');
  const tooLarge = types.find(({ vcpus }) => vcpus * share > cores);
  if (tooLarge) {
    throw new UserError(
      `${withArticle(tooLarge.instanceType)} of ${tooLarge.vcpus} vCPUs, each ${share} of a core, needs more than the ${cores} cores of this machine. Lower --vcpu-share`,
    );
  }
  return { withCredits: share, atBaseline: share };
}
