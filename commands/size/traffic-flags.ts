// The flags for the traffic of a sizing.
import type { ArgumentsCamelCase, InferredOptionTypes } from 'yargs';
import { UserError } from '../../model/user-error.ts';
import { type Builds, parseBuildCpu } from '../../reports/traffic/day-load.ts';
import { readTraffic } from '../../reports/traffic/read-traffic.ts';
import { dailyTraffic, shapes, type Traffic } from '../../reports/traffic/traffic.ts';
import { type Flags, numberFlag, textFlag } from '../cli/flags.ts';

export const trafficFlags = {
  daily: numberFlag('Requests per day to size for, like 500000.'),
  traffic: textFlag('Traffic to size for: a CSV or JSON table by hour or minute, or an nginx access log.'),
  shape: { choices: shapes, describe: 'How --daily spreads over the day (default: office).' },
  builds: numberFlag('CI builds per day on the same machine.'),
  'build-cpu': textFlag(
    'CPU that one build takes, like 2x8s: 2 vCPUs for 8 s (default: as measured with --profile rebuild).',
  ),
} as const satisfies Flags;

/** The values of these flags. */
export type TrafficFlags = Partial<ArgumentsCamelCase<InferredOptionTypes<typeof trafficFlags>>>;

/** The traffic of the flags; undefined when none is given. */
export async function chooseTraffic({ traffic, daily, shape }: TrafficFlags): Promise<Traffic | undefined> {
  if (traffic !== undefined && daily !== undefined) {
    throw new UserError('--traffic and --daily both give the traffic. Use one of them');
  }
  if (shape !== undefined && daily === undefined) {
    throw new UserError('--shape spreads --daily over the day. Add the requests per day: --daily N');
  }
  if (traffic !== undefined) return readTraffic(traffic);
  return daily === undefined ? undefined : dailyTraffic(daily, shape ?? 'office');
}

/** Builds of the flags; `seen` is what one took in the run, where one ran. Undefined when none was asked for. */
export function chooseBuilds(
  { builds, buildCpu }: TrafficFlags,
  seen: Pick<Builds, 'vcpus' | 'durationS'> | undefined,
): Builds | undefined {
  if (builds === undefined) {
    if (buildCpu === undefined) return undefined;
    throw new UserError('--build-cpu is the CPU of one build. Add the number of builds a day: --builds N');
  }
  if (!(Number.isInteger(builds) && builds >= 1 && builds <= 10_000)) {
    throw new UserError('--builds must be a whole number from 1 to 10000');
  }
  const one = buildCpu === undefined ? seen : parseBuildCpu(buildCpu);
  if (one) return { perDay: builds, ...one };
  throw new UserError(
    '--builds: no build ran beside this load. Give the CPU of one with --build-cpu 2x8s, or size a run of --profile rebuild',
  );
}
