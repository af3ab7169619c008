// The CPU of an emulated instance: its credits; a type of fixed performance has a quota alone.

import type { BurstableType, CreditMode, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { CreditStart } from '../../model/credits/credit-lifecycle.ts';
import type { HostLine } from '../../model/second.ts';
import { type GovernorState, quotaOf } from './governor.ts';
import type { Group } from './group.ts';
import { type Governor, startGovernor } from './run-governor.ts';
import { type VcpuShare, wholeVcpus } from './vcpu-share.ts';

type CreditOptions = {
  /** Default: the type's own. */
  readonly mode?: CreditMode;
  readonly start: CreditStart;
  readonly creditClock: number;
  readonly onSample: (line: HostLine) => void;
};

export type InstanceCpu = {
  /** The app keeps no more than so many vCPUs busy: it gets the CPU of these alone. Returns what one of them is now. */
  narrow(workers: number): VcpuShare;
  /**
   * From now on the machine has the CPU of its type, and that costs credits. Before, the app has all of its cores: V8 compiles what is hot,
   * and an app measured before that would look slower than it is. A second call changes nothing.
   */
  startCredits(options: CreditOptions): void;
  /** From now until `emptyCredits` it has the CPU of its type whether it has credits or not, and nothing counts: an app at rest becomes warm. */
  lendCpu(): void;
  /** Takes all credits away, once they were started: from now on it runs at the credit baseline, unless its mode is unlimited. */
  emptyCredits(): void;
  /** Absent before credits were started, and for a type of fixed performance. */
  credits(): GovernorState | undefined;
  /** The last sample comes, and none after it; the quota stays. */
  stopCredits(): void;
};

type Options = {
  readonly type: InstanceType;
  readonly share: VcpuShare;
  /** By the user. */
  readonly isShareAsked: boolean;
};

/** Neither runs anything before `startCredits`. `ownCores`: cores that the group is held to. */
export function createBank(
  group: Group,
  { type, share: given, isShareAsked }: Options,
  ownCores: number | undefined,
): InstanceCpu & {
  /** Those of the start, on so many whole cores; undefined: on the cores that it has. */
  renewCredits(cores: number | undefined): void;
} {
  let governor: Governor | undefined;
  let share = given;
  let usableVcpus = type.vcpus;
  return {
    narrow: (workers) => {
      usableVcpus = Math.min(type.vcpus, workers);
      // What is free of the cores is shared by fewer vCPUs.
      if (!isShareAsked) share = wholeVcpus({ ...type, vcpus: usableVcpus });
      return share;
    },
    startCredits: ({ mode, start, creditClock, onSample }) => {
      const { credits } = type;
      if (governor) return;
      if (!credits) return group.setCpu(quotaOf(usableVcpus * share.withCredits, ownCores));
      governor = startGovernor({
        type: type as BurstableType,
        group,
        share,
        usableVcpus,
        mode: mode ?? credits.defaultMode,
        start,
        creditClock,
        ownCores,
        onSample,
      });
    },
    lendCpu: () => governor?.lend(),
    emptyCredits: () => governor?.empty(),
    renewCredits: (cores) => {
      if (cores === undefined) return governor?.renew({ share, ownCores });
      if (!type.credits) group.setCpu(quotaOf(type.vcpus, cores));
      governor?.renew({ share: { ...share, withCredits: 1 }, ownCores: cores });
    },
    credits: () => governor?.state(),
    stopCredits: () => governor?.stop(),
  };
}
