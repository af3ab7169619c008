// The samples of an emulated instance as an agent on it would have sent them: its own CPU and memory, not those of the machine around it.
import { bisector } from 'd3-array';
import { instanceCatalogue, systemBytes } from '../../../model/catalogue/instance-catalogue.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { HostLine } from '../../../model/second.ts';
import type { Window } from './host-samples.ts';
import { stageOf, stageWindows } from './stage-windows.ts';

const mib = 1024 ** 2;
const byTime = bisector(({ at }: HostLine) => Date.parse(at));

/**
 * The samples of the emulated instance; undefined for a run without one. Its CPU is in percent of the vCPUs of its type; which part of it is
 * user is that of the measured core in the same second. Its memory is what the guest of the type has, less the app and a bare system.
 * Time in which the command visited another instance is no time of this one, so it is left out.
 */
export function instanceSamples(
  run: RunRecord,
  samples: readonly HostLine[],
  load: ReadonlyMap<number, Window>,
): HostLine[] | undefined {
  const type = instanceCatalogue.find(({ instanceType }) => instanceType === run.target.instanceType);
  if (run.target.vcpuShare === undefined || !type) return undefined;
  const windows = stageWindows(run, load);
  const around = samples.filter(({ source }) => source === 'local');
  const inside = (line: HostLine) => stageOf(line, windows) !== undefined;
  const cpu = samples
    .filter((line) => line.source === 'emulated' && inside(line))
    .map((line) => ({ ...line, metrics: { ...line.metrics, ...cpuOf(line, userShare(run, around, line)) } }));
  const app = around.filter(inside).map((line) => ({ ...line, metrics: appMetrics(line, type.guestMemoryMiB * mib) }));
  return cpu.length > 0 ? [...cpu, ...app] : undefined;
}

function cpuOf({ metrics }: HostLine, share: number | undefined): HostLine['metrics'] {
  const { 'aws.ec2.cpuutilization': used, 'system.cpu.stolen': stolen = 0 } = metrics;
  if (used === undefined) return {};
  return {
    'system.cpu.idle': Math.max(0, 100 - used - stolen),
    ...(share !== undefined && { 'system.cpu.user': used * share, 'system.cpu.system': used * (1 - share) }),
  };
}

/** Of the CPU time on the core that the instance has, in the sample nearest to this one; undefined where nothing was sampled. */
function userShare({ vcpuSpeed }: RunRecord, around: readonly HostLine[], { at }: HostLine): number | undefined {
  const nearest = around[byTime.center(around, Date.parse(at))];
  const core = vcpuSpeed?.core ?? -1;
  const figure = (metric: string) => nearest?.perCore?.[metric]?.[core] ?? nearest?.metrics[metric] ?? 0;
  const [user, system] = [figure('system.cpu.user'), figure('system.cpu.system')];
  return user + system > 0 ? user / (user + system) : undefined;
}

/** Without the figures of the machine around the instance. */
function appMetrics({ metrics }: HostLine, guestBytes: number): HostLine['metrics'] {
  const own = Object.fromEntries(Object.entries(metrics).filter(([metric]) => !metric.startsWith('system.')));
  const { 'app.mem.rss': app } = metrics;
  if (app === undefined) return own;
  const usable = Math.max(0, guestBytes - systemBytes - app);
  return {
    ...own,
    'system.mem.total': guestBytes,
    'system.mem.used': guestBytes - usable,
    'system.mem.usable': usable,
    'system.mem.pct_usable': usable / guestBytes,
  };
}
