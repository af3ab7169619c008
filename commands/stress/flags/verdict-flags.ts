// The flags of `headroom stress` that say what the run is judged by.
import { failOnFlag } from '../../cli/exit-code.ts';
import type { Flags } from '../../cli/flags.ts';
import { trafficFlags } from '../../size/traffic-flags.ts';

const repeatable = { type: 'string', array: true, requiresArg: true, nargs: 1 } as const;
const { daily, ...otherTraffic } = trafficFlags;

export const dailyFlag = { daily } as const satisfies Flags;

export const thresholdFlag = {
  threshold: {
    ...repeatable,
    describe: "Pass criterion, like 'latency.p99 < 100ms'; replaces those of the profile (repeatable).",
  },
} as const satisfies Flags;

export const verdictFlags = {
  ...otherTraffic,
  slo: {
    ...repeatable,
    describe: "What the capacity must meet (profiles capacity and stress), like 'latency.p99 < 100ms' (repeatable).",
  },
  margin: {
    ...repeatable,
    describe:
      "Largest regression allowed from the first to the last of --instances, like 'latency.p99 +10ms' (repeatable).",
  },
  'fail-on': failOnFlag,
  drill: {
    type: 'boolean',
    default: false,
    describe: 'Fail the run if a Datadog monitor that had to fire stays silent (needs --host).',
  },
} as const satisfies Flags;
