// `--instances`: on which emulated machines a run is made, one after the other, or why on none.
import type { Argv } from 'yargs';
import type { Cgroups } from '../../loadtest/emulation/cgroup-tree.ts';
import { defaultVcpuShare, findEmulation } from '../../loadtest/emulation/emulated-instance.ts';
import { type CreditStart, parseCreditStart } from '../../model/credit-lifecycle.ts';
import { findInstanceTypes, type InstanceType } from '../../model/instance-catalogue.ts';
import type { Profile } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';

/** One emulated machine. */
export type Emulation = {
  readonly cgroups: Cgroups;
  readonly type: InstanceType;
  readonly vcpuShare: number;
  readonly start: CreditStart;
  readonly creditClock: number;
};

export type Emulations = {
  /** Named by the user. */
  readonly types: readonly InstanceType[];
  /** One run for each; a single undefined is a run on the host as it is. */
  readonly machines: readonly (Emulation | undefined)[];
  /** Why the host is measured instead. */
  readonly warning?: string;
};

/** What is compared when the user asked for nothing in particular. */
export const usualTypes = 't2.medium,t2.micro';

/** Declares the flags to yargs. */
export const emulationFlags = (yargs: Argv) =>
  yargs
    .option('instances', {
      type: 'string',
      requiresArg: true,
      describe: `instance types to run on, one after the other (without any flag: ${usualTypes})`,
    })
    .option('emulate', {
      choices: ['auto', 'always', 'never'] as const,
      default: 'auto' as const,
      describe: 'run in a control group of the shape of the type; auto: where the kernel lets us',
    })
    .option('vcpu-share', {
      type: 'number',
      requiresArg: true,
      describe: 'share of a core that one vCPU is (default: what leaves the load generator a whole core)',
    })
    .option('credits', {
      type: 'string',
      requiresArg: true,
      default: 'launch',
      describe: 'CPU credits when the measured load begins: launch, full, empty or a number',
    })
    .option('credit-clock', {
      type: 'number',
      requiresArg: true,
      default: 1,
      describe: 'credits come and go so many times faster than in life',
    });

type Flags = Awaited<ReturnType<typeof emulationFlags>['argv']>;

/** Whatever says what to stress, or how: with one of these, only --instances asks for emulated machines. */
type Purpose = {
  readonly target?: string | undefined;
  readonly profile?: string | undefined;
  readonly rate?: number | undefined;
  readonly connections?: number | undefined;
  readonly duration?: number | undefined;
};

/** Checks the flags, and what the kernel allows, before anything is started. */
export async function chooseEmulations(argv: Flags & Purpose): Promise<Emulations> {
  const { target, profile, rate, connections, duration } = argv;
  const plain = [target, profile, rate, connections, duration].every((each) => each === undefined);
  const instances = argv.instances ?? (plain ? usualTypes : undefined);
  if (instances === undefined) {
    if (argv.emulate === 'always') throw new UserError('--emulate always needs --instances, like t2.medium,t2.micro');
    return { types: [], machines: [undefined] };
  }
  if (target !== undefined) {
    throw new UserError('--instances starts the shortener itself: it does not go with --target');
  }
  const types = findInstanceTypes('--instances', instances);
  const start = parseCreditStart(argv.credits, '--credits');
  if (!(argv.creditClock > 0 && argv.creditClock <= 10_000)) {
    throw new UserError('--credit-clock must be above 0 and at most 10000');
  }
  const vcpuShare = argv.vcpuShare ?? defaultVcpuShare(types);
  const cgroups = argv.emulate === 'never' ? 'emulation is switched off (--emulate never)' : await findEmulation();
  if (typeof cgroups !== 'string') {
    const machines = types.map((type) => ({ cgroups, type, vcpuShare, start, creditClock: argv.creditClock }));
    return { types, machines };
  }
  if (argv.emulate === 'always') throw new UserError(`--emulate always: ${cgroups}`);
  const names = types.map((type) => type.instanceType).join(' and ');
  return {
    types,
    machines: [undefined],
    warning: `this machine was measured, and ${names} projected from it: ${cgroups}`,
  };
}

/** Without credits: long enough for a figure, short enough that two types and their ladders are done in four minutes. */
const sustainedStage: Profile['stages'][number] = {
  kind: 'closed',
  name: 'credits gone',
  connections: 8,
  durationS: 25,
  // What the ladder left to do, and a cache that has to fill again.
  cutS: 3,
  warmUp: false,
  credits: 'empty',
};

/**
 * The profile as it is run on this machine: after a ladder in standard mode, a stage at the credit baseline, so that both states are
 * measured. Only an emulated machine has credits to take away: elsewhere a profile that asks for it is a UserError, or loses the stage when
 * `projected` (control groups were asked for and are not to be had).
 */
export function profileFor(profile: Profile, machine: Emulation | undefined, projected: boolean): Profile {
  const asked = profile.stages.filter((stage) => 'credits' in stage && stage.credits === 'empty');
  const burstable = machine?.type.credits?.defaultMode === 'standard';
  if (asked.length > 0) {
    if (machine) return profile;
    if (projected) return { ...profile, stages: profile.stages.filter((stage) => !asked.includes(stage)) };
    throw new UserError(`stage ${asked[0]?.name} is to run without CPU credits: that goes with --instances`);
  }
  const ladder = profile.stages.findLastIndex((stage) => stage.kind === 'ladder');
  if (!machine || !burstable || ladder < 0 || machine.start === 'empty' || machine.creditClock !== 1) return profile;
  const { stages } = profile;
  return { ...profile, stages: [...stages.slice(0, ladder + 1), sustainedStage, ...stages.slice(ladder + 1)] };
}
