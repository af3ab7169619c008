// The flags of `headroom stress` about emulated instances.
import { boxPrograms } from '../../../model/catalogue/box-programs.ts';
import { defaultTypes } from '../../../model/catalogue/instance-catalogue.ts';
import type { Flags } from '../../cli/flags.ts';

export const instancesFlag = {
  instances: {
    type: 'string',
    requiresArg: true,
    describe: `Instance types to emulate in turn (default without a target or load flag, elsewhere than on EC2: ${defaultTypes.join()}).`,
  },
} as const satisfies Flags;

export const instanceFlags = {
  emulate: {
    choices: ['auto', 'always', 'never'] as const,
    default: 'auto' as const,
    describe: 'Emulate instances in control groups; auto measures this machine where the kernel does not allow it.',
  },
  with: {
    type: 'string',
    requiresArg: true,
    describe: `What else the app's machine has, like ${boxPrograms.map(({ name }) => name).join()}: nginx is started before the app, the others count with their usual memory and CPU.`,
  },
  credits: {
    type: 'string',
    requiresArg: true,
    describe: 'CPU credits when the measured load starts: launch, full, empty or a number (default: launch).',
  },
  'credit-clock': {
    type: 'number',
    requiresArg: true,
    describe: 'Earn and spend CPU credits this many times faster than on EC2 (default: 1).',
  },
  'emulate-network': {
    type: 'boolean',
    default: false,
    describe:
      'Limit the network of each emulated instance to the baseline bandwidth of its type, in a network of its own (Linux, root).',
  },
  'vcpu-share': {
    type: 'number',
    requiresArg: true,
    describe:
      'Share of a core of this machine that one vCPU gets. Not for a verdict: a share changes the cost of a request (default: whole cores where free).',
  },
} as const satisfies Flags;
