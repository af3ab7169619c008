// `--instances`: the emulated machines that are loaded in turn, or why there is none.
import { findEmulation } from '../../../loadtest/emulation/cgroup-home.ts';
import type { Cgroups } from '../../../loadtest/emulation/cgroup-tree.ts';
import { lockEmulation } from '../../../loadtest/emulation/machine-lock.ts';
import { baselineMbps } from '../../../loadtest/emulation/port-bandwidth.ts';
import { askedShare, type VcpuShare, wholeVcpus } from '../../../loadtest/emulation/vcpu-share.ts';
import { defaultTypes, findInstanceTypes, type InstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { type CreditStart, parseCreditStart } from '../../../model/credits/credit-lifecycle.ts';
import { UserError } from '../../../model/user-error.ts';

/** One emulated machine. */
export type Emulation = {
  readonly cgroups: Cgroups;
  readonly type: InstanceType;
  readonly share: VcpuShare;
  /** By --vcpu-share. */
  readonly isShareAsked: boolean;
  readonly start: CreditStart;
  readonly creditClock: number;
  /** What its network is limited to in each direction; absent: not limited. */
  readonly networkMbps?: number;
};

/** Whether it has no CPU credits from begin to end, and runs at its baseline performance. */
export function isThrottled({ type, start, creditClock }: Emulation): boolean {
  return type.credits?.defaultMode === 'standard' && start === 'empty' && creditClock === 1;
}

export type Emulations = {
  /** Named by the user. */
  readonly types: readonly InstanceType[];
  /** One run for each; a single undefined is a run on the host as it is. */
  readonly machines: readonly (Emulation | undefined)[];
  /** Why the host is measured instead. */
  readonly warning?: string;
};

type Flags = {
  readonly instances?: string | undefined;
  readonly emulate: 'auto' | 'always' | 'never';
  readonly vcpuShare?: number | undefined;
  readonly credits?: string | undefined;
  readonly creditClock?: number | undefined;
  readonly emulateNetwork: boolean;
};

/** Flags that choose a target or load: with one of them, only --instances emulates machines. */
type Purpose = {
  readonly target?: string | undefined;
  readonly profile?: string | undefined;
  readonly rate?: number | undefined;
  readonly connections?: number | undefined;
  readonly duration?: number | undefined;
};

/**
 * Checks the flags, and what the kernel allows, before anything is started. On an EC2 instance (`here`) only --instances or --emulate always
 * emulates machines.
 */
export async function chooseEmulations(argv: Flags & Purpose, here?: InstanceType): Promise<Emulations> {
  const { target, profile, rate, connections, duration } = argv;
  const plain = [target, profile, rate, connections, duration].every((each) => each === undefined);
  const isAsItIs = plain && here !== undefined && argv.emulate !== 'always';
  const instances = argv.instances ?? (plain && !isAsItIs ? defaultTypes.join() : undefined);
  if (instances === undefined) {
    refuseEmulation(argv, `add --instances ${defaultTypes.join()}`);
    if (isAsItIs) return { types: findInstanceTypes('', defaultTypes.join()), machines: [undefined] };
    if (argv.emulate === 'always') throw new UserError(`--emulate always needs --instances ${defaultTypes.join()}`);
    return { types: [], machines: [undefined] };
  }
  if (target !== undefined) {
    throw new UserError(
      '--instances emulates the machine of an app that headroom starts. Give its command with --app, or use --instance for the type of a running --target',
    );
  }
  const types = findInstanceTypes('--instances', instances);
  const promised = types.find(({ promisedVcpus }) => promisedVcpus !== undefined);
  if (promised)
    throw new UserError(
      `--instances: what a ${promised.instanceType} does above the ${promised.promisedVcpus} vCPUs that it promises cannot be emulated. Measure another type, and judge this one with size RUN --on ${promised.instanceType}`,
    );
  const start = parseCreditStart(argv.credits ?? 'launch', '--credits');
  const { creditClock = 1 } = argv;
  if (!(creditClock > 0 && creditClock <= 10_000)) {
    throw new UserError('--credit-clock must be above 0 and at most 10000');
  }
  const asked = argv.vcpuShare === undefined ? undefined : askedShare(argv.vcpuShare, types);
  const cgroups = argv.emulate === 'never' ? 'emulation is switched off (--emulate never)' : await findLocked();
  if (typeof cgroups !== 'string') {
    const machines = types.map((type) => ({
      cgroups,
      type,
      share: asked ?? wholeVcpus(type),
      isShareAsked: asked !== undefined,
      start,
      creditClock,
      ...(argv.emulateNetwork && { networkMbps: baselineMbps(type) }),
    }));
    return { types, machines };
  }
  if (argv.emulate === 'always') throw new UserError(`--emulate always is not possible here: ${cgroups}`);
  refuseEmulation(argv, cgroups);
  const names = types.map((type) => type.instanceType).join(' and ');
  return {
    types,
    machines: [undefined],
    warning: `This machine was measured instead of ${names}: ${cgroups}`,
  };
}

/** Throws a UserError for a flag of emulated instances where there are none, and why. */
function refuseEmulation(argv: Flags, why: string): void {
  const given = {
    '--credits': argv.credits,
    '--credit-clock': argv.creditClock,
    '--vcpu-share': argv.vcpuShare,
    '--emulate-network': argv.emulateNetwork || undefined,
  };
  for (const [flag, value] of Object.entries(given))
    if (value !== undefined) throw new UserError(`${flag} is about emulated instances: ${why}`);
}

/** The control groups of this machine, for this process alone until it ends. */
async function findLocked(): Promise<Cgroups | string> {
  const release = await lockEmulation();
  const cgroups = await findEmulation();
  if (typeof cgroups === 'string') release();
  return cgroups;
}
