// What keeps throughput from rising further, read from the figures of the stage where it stopped.
import { creditBaselineVcpus, instanceCatalogue } from '../../model/instance-catalogue.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { formatBytes, formatNumberOf, formatPercent } from '../format/format.ts';
import { isWithoutCredits } from '../measured/credit-regime.ts';
import { errorRatePercent } from '../measured/measured.ts';
import type { Limit } from '../schema/judged.ts';

/** A Node event loop that is busy this much has no time left; below it, pauses between requests are seen. */
const busyEventLoopPercent = 95;
/** One process that uses this much of one core: the rest goes to the kernel's scheduling and to garbage collection threads. */
const busyCorePercent = 90;
/** With less idle CPU than this the host's programs wait for each other. */
const idleHostPercent = 10;
/** With less usable memory than this, the kernel takes the programs' own pages away, and kills one when that does not help. */
const usableMemoryFraction = 0.05;
/** An instance that uses this much of the CPU of its type has no more. */
const busyInstancePercent = 90;
/** A generator busier than this sends late, and measures itself. */
const busyGenerator = 0.9;
/** Errors count as a limit when they pass this share, and had been less than half of it with less load. */
const errorsPercent = 1;

/** Names the limit at one stage, with its evidence; `unknown` says what was missing or that nothing was at its end. */
export function findLimit(run: RunRecord, observed: Observed | undefined, stage: number): Limit {
  const metrics = observed?.stages[stage]?.metrics ?? {};
  const idle = metrics['system.cpu.idle']?.avg;
  const eventLoop = metrics['app.event_loop.utilization']?.avg;
  const appCpu = metrics['app.cpu']?.avg;
  const workers = run.target.workers ?? 1;
  const generator = run.stages[stage]?.generatorUse ?? run.generator.eventLoopUtilization?.mean;
  const hostIdle = idle === undefined ? '' : `, while ${formatPercent(idle)} of the host's CPU is idle`;

  // First: what lacks memory spends its CPU on looking for some.
  const memory = scarceMemory(run, metrics);
  if (memory !== undefined) return { limitedBy: 'memory', because: memory };
  const instance = metrics['aws.ec2.cpuutilization']?.avg;
  const atBaseline = isWithoutCredits(run, observed, stage);
  const allowed = atBaseline ? baselinePercent(run) : 100;
  const usedUp = instance !== undefined && instance >= (busyInstancePercent / 100) * allowed;
  // Under a quota that is used up, a process that waits for the next slice looks busy.
  const looksBusy = usedUp && run.target.vcpuShare !== undefined;
  if (!looksBusy && (idle === undefined || idle >= idleHostPercent)) {
    if (eventLoop !== undefined && eventLoop >= busyEventLoopPercent) {
      return {
        limitedBy: 'event loop',
        because: `the app's event loop is busy ${formatPercent(eventLoop)}${hostIdle}`,
      };
    }
    if (workers === 1 && appCpu !== undefined && appCpu >= busyCorePercent) {
      return {
        limitedBy: 'event loop',
        because: `the app's one process uses ${formatPercent(appCpu)} of one core${hostIdle}`,
      };
    }
  }
  if (generator !== undefined && generator > busyGenerator) {
    return {
      limitedBy: 'generator',
      because: `the load generator's own event loop is busy ${formatPercent(100 * generator)}: the target may be able to do more`,
    };
  }
  if (idle !== undefined && idle < idleHostPercent) {
    const app =
      appCpu === undefined ? '' : `; the app uses ${formatPercent(appCpu)} of one core, other programs take the rest`;
    return {
      limitedBy: 'host CPU',
      because: `${idle < 0.5 ? 'nothing' : `only ${formatPercent(idle)}`} of the host's CPU is idle${app}`,
    };
  }
  if (usedUp) {
    const type = run.target.instanceType ?? 'instance';
    const because = atBaseline
      ? `${formatPercent(instance)} of its CPU is used, and without CPU credits a ${type} has ${formatPercent(allowed)}`
      : `${formatPercent(instance)} of the CPU that the ${type} has is used`;
    return { limitedBy: 'host CPU', because };
  }
  const errors = risingErrors(run, stage);
  if (errors !== undefined) {
    return { limitedBy: 'errors', because: `${formatPercent(errors)} of the requests fail from this load on` };
  }
  const missing = unobserved(observed, stage);
  return {
    limitedBy: 'unknown',
    because:
      missing.length > 0
        ? `${missing.join(', ')} ${missing.length === 1 ? 'was' : 'were'} not observed`
        : `neither the app (${formatNumberOf(workers, 'worker')}), the host nor the generator was at its end`,
  };
}

/** What a limit is read from and nobody observed in the stage. */
export function unobserved(observed: Observed | undefined, stage: number): string[] {
  const metrics = observed?.stages[stage]?.metrics ?? {};
  return Object.entries({
    'idle CPU': 'system.cpu.idle',
    "the app's event loop": 'app.event_loop.utilization',
    "the app's CPU": 'app.cpu',
  })
    .filter(([, metric]) => metrics[metric] === undefined)
    .map(([name]) => name);
}

function scarceMemory(run: RunRecord, metrics: Observed['stages'][number]['metrics']): string | undefined {
  const usable = metrics['system.mem.pct_usable']?.min;
  if (usable !== undefined && usable < usableMemoryFraction)
    return `only ${formatPercent(100 * usable)} of the host's memory is usable`;
  // An emulated machine has less than its host.
  const guestBytes = (run.target.memoryGiB ?? Number.POSITIVE_INFINITY) * 1024 ** 3;
  const rss = metrics['app.mem.rss']?.max;
  if (rss === undefined || rss < guestBytes * (1 - usableMemoryFraction)) return undefined;
  return `the app holds ${formatBytes(rss)} of the machine's ${formatBytes(guestBytes)} of memory`;
}

function risingErrors(run: RunRecord, stage: number): number | undefined {
  const rates = (from: number, to: number) =>
    run.stages
      .slice(from, to)
      .filter((each) => each.role === 'measured')
      .map((each) => errorRatePercent(each.requests.sent, each.outcomes) ?? 0);
  const before = Math.max(0, ...rates(0, stage));
  const after = Math.max(0, ...rates(stage, run.stages.length));
  return after > errorsPercent && before < after / 2 ? after : undefined;
}

/** Of its vCPUs, what the type can use without credits; all of them when it is not known or earns none. */
function baselinePercent({ target }: RunRecord): number {
  const type = instanceCatalogue.find(({ instanceType }) => instanceType === target.instanceType);
  return type?.credits ? (100 * creditBaselineVcpus(type.credits)) / type.vcpus : 100;
}
