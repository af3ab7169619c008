// The flags for the traffic of a sizing.
import type { ArgumentsCamelCase, InferredOptionTypes } from 'yargs';
import { UserError } from '../../model/user-error.ts';
import { type Builds, parseBuildCpu } from '../../reports/traffic/day-load.ts';
import { createTrafficReader } from '../../reports/traffic/read-traffic.ts';
import { dailyTraffic, shapes, type Traffic } from '../../reports/traffic/traffic.ts';
import type { InputContext } from '../cli/context.ts';
import { type Flags, listFlag, numberFlag, textFlag } from '../cli/flags.ts';
import { findInputFiles } from '../cli/input-files.ts';
import { openInput } from '../cli/open-input.ts';

export const trafficFlags = {
  daily: numberFlag('Requests per day to size for, like 500000.'),
  traffic: listFlag(
    'Traffic to size for: access logs (files, patterns, - for stdin), or a CSV or JSON table by hour or minute.',
  ),
  'log-format': textFlag("Format of the access log, as nginx's log_format has it (default: recognized)."),
  shape: { choices: shapes, describe: 'How --daily spreads over the day (default: office).' },
  builds: numberFlag('CI builds per day on the same machine.'),
  'build-cpu': textFlag(
    'CPU that one build takes, like 2x8s: 2 vCPUs for 8 s (default: as measured with --profile rebuild).',
  ),
} as const satisfies Flags;

/** The values of these flags. */
export type TrafficFlags = Partial<ArgumentsCamelCase<InferredOptionTypes<typeof trafficFlags>>>;

/** The traffic of the flags; undefined when none is given. Throws a UserError for files without usable traffic. */
export async function chooseTraffic(
  { traffic, daily, shape, logFormat }: TrafficFlags,
  inputs: InputContext,
): Promise<Traffic | undefined> {
  if (traffic !== undefined && daily !== undefined) {
    throw new UserError('--traffic and --daily both give the traffic. Use one of them');
  }
  if (shape !== undefined && daily === undefined) {
    throw new UserError('--shape spreads --daily over the day. Add the requests per day: --daily N');
  }
  if (logFormat !== undefined && traffic === undefined) {
    throw new UserError('--log-format describes an access log. Add it: --traffic FILE');
  }
  if (traffic !== undefined) return readTraffic(traffic as readonly string[], logFormat, inputs);
  return daily === undefined ? undefined : dailyTraffic(daily, shape ?? 'office');
}

async function readTraffic(
  names: readonly string[],
  format: string | undefined,
  inputs: InputContext,
): Promise<Traffic> {
  const reader = createTrafficReader({ nowMs: Date.now(), format });
  for (const file of findInputFiles(names, 'traffic file')) {
    reader.begin(file);
    for await (const bytes of openInput(file, inputs)) reader.add(bytes);
    reader.end();
  }
  return reader.finish();
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
